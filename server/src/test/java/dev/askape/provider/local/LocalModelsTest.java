package dev.askape.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.http.EventLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelsTest {
  private static final int PLAIN = 0;
  private static final int ENDLESS = 1;

  @TempDir private Path directory;
  private final EventLoops loops = EventLoops.start(1);
  private final List<Boolean> served = new CopyOnWriteArrayList<>();
  private FakePip pip;
  private LocalModels models;

  @BeforeEach
  void prepare() throws IOException {
    pip = new FakePip(Files.createDirectory(directory.resolve("pip")));
    models = models("", pip.good(), Fast.limits());
  }

  @AfterEach
  void close() {
    models.close();
    loops.close();
  }

  private void start(String behaviour) {
    start(behaviour, pip.good(), Fast.limits());
  }

  private void start(String behaviour, String python, LocalSettings.Limits limits) {
    models = models(behaviour, python, limits);
    models.start(served::add);
  }

  private LocalModels models(String behaviour, String python, LocalSettings.Limits limits) {
    var settings =
        new LocalSettings(
            directory.resolve("models"),
            Optional.empty(),
            1,
            4096,
            behaviour.isEmpty() ? List.of() : FakeChild.command(behaviour),
            List.of(python),
            limits);
    return new LocalModels(settings, pip.wanted(), loops.loops());
  }

  /// What a model says, collected.
  private static final class Heard implements AnswerSink {
    private final List<String> fragments = new CopyOnWriteArrayList<>();

    @Override
    public boolean text(String fragment) {
      fragments.add(fragment);
      return true;
    }

    @Override
    public boolean thinking(String fragment) {
      return true;
    }

    /// The child that says it.
    ProcessHandle speaker() {
      await().until(() -> !fragments.isEmpty());
      return ProcessHandle.of(Long.parseLong(fragments.getFirst())).orElseThrow();
    }
  }

  private CompletableFuture<Outcome> ask(int model, Heard heard) {
    var outcome = new CompletableFuture<Outcome>();
    var prompt =
        new Prompt(List.of(new Prompt.Message(Prompt.Role.USER, "hi")), ModelParameters.DEFAULTS);
    Thread.ofVirtual()
        .start(() -> {
          try {
            outcome.complete(models.models().get(model).language().answer(prompt, heard));
          } catch (InterruptedException e) {
            outcome.completeExceptionally(e);
          }
        });
    return outcome;
  }

  private ProcessHandle finishes() {
    var heard = new Heard();
    assertThat(ask(PLAIN, heard).join())
        .isInstanceOfSatisfying(
            Outcome.Finished.class, it -> assertThat(it.reason()).isEqualTo(FinishReason.STOP));
    return heard.speaker();
  }

  private static void isUnavailable(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, it -> assertThat(it.type()).isEqualTo(ErrorType.UNAVAILABLE));
  }

  private void awaitReady() {
    await().atMost(Duration.ofSeconds(30)).until(() -> models.state().isReady());
  }

  @Test
  void areThereOnceTheirWeightsAreFetched() {
    start("good");
    awaitReady();

    assertThat(models.models())
        .allMatch(it -> it.available().getAsBoolean())
        .extracting(it -> it.id().value())
        .containsExactly("local/smollm2", "local/smollm2-inventive");
    finishes();
    assertThat(served).containsExactly(true);
  }

  @Test
  void areUnavailableAtOnceWhileTheirWeightsAreFetched() {
    start("good", pip.endless(), withStalled(Duration.ofMinutes(5)));
    await().until(() -> Files.exists(pip.begun()));

    assertThat(models.models()).noneMatch(it -> it.available().getAsBoolean());
    isUnavailable(ask(PLAIN, new Heard()).join());
    assertThat(served).isEmpty();
  }

  private static LocalSettings.Limits withStalled(Duration stalled) {
    var fast = Fast.limits();
    return new LocalSettings.Limits(
        fast.start(),
        fast.look(),
        fast.unanswered(),
        fast.firstPause(),
        fast.longestPause(),
        fast.steady(),
        fast.starts(),
        fast.patience(),
        stalled,
        fast.refetch());
  }

  @Test
  void tryAFetchThatFailedAgain() throws Exception {
    start("good", pip.failing("ERROR: no network"), Fast.limits());
    await().until(() -> models.state().words().contains("no network"));

    Files.copy(
        Path.of(pip.good()),
        directory.resolve("pip/failing"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    awaitReady();
    assertThat(served).containsExactly(true);
  }

  @Test
  void goOnInAnotherProcessWhenTheirsIsKilled() {
    start("good");
    awaitReady();
    for (int i = 0; i < 3; i++) {
      var heard = new Heard();
      var outcome = ask(ENDLESS, heard);
      var speaker = heard.speaker();
      speaker.destroyForcibly();

      isUnavailable(outcome.join());
      assertThat(finishes().pid()).isNotEqualTo(speaker.pid());
    }
    assertThat(served).containsExactly(true);
  }

  @Test
  void goOnInAnotherProcessWhenTheirsHangs() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "needs /bin/kill to stop a process");
    start("good");
    awaitReady();
    var heard = new Heard();
    var outcome = ask(ENDLESS, heard);
    var speaker = heard.speaker();
    new ProcessBuilder("/bin/kill", "-STOP", Long.toString(speaker.pid())).start().waitFor();

    isUnavailable(outcome.join());
    assertThat(finishes().pid()).isNotEqualTo(speaker.pid());
    assertThat(speaker.isAlive()).isFalse();
  }

  @Test
  void killAProcessThatSaysItIsStuck() {
    start("stuck");
    awaitReady();
    var heard = new Heard();

    isUnavailable(ask(ENDLESS, heard).join());
  }

  @Test
  void startAgainWhenTheFirstStartFails() {
    start("once");
    awaitReady();

    finishes();
  }

  @Test
  void giveUpWhenTheProcessSaysThatItCannot() {
    start("refuse");
    await().until(() -> served.contains(false));

    assertThat(models.state().words()).isEqualTo("could not load: no such architecture");
    isUnavailable(ask(PLAIN, new Heard()).join());
  }

  @Test
  void sayWhatTheLibraryMisses() {
    start("no library");
    await().until(() -> served.contains(false));

    assertThat(models.state().words())
        .isEqualTo("could not load: libgomp.so.1: cannot open shared object file");
  }

  @Test
  void fetchTheirWeightsAgainWhenTheyAreDamagedMeanwhile() throws Exception {
    start("reads");
    awaitReady();
    var child = finishes();
    var weights = directory.resolve("models/some.gguf");
    Files.writeString(weights, "GGUF and sane weights");
    child.destroyForcibly();

    await().until(() -> !child.isAlive());
    await().until(() -> Files.exists(weights) && hasGoodWeights(weights));
    awaitReady();
    finishes();
    assertThat(served).containsExactly(true);
  }

  private static boolean hasGoodWeights(Path file) throws IOException {
    return java.util.Arrays.equals(Files.readAllBytes(file), FakePip.WEIGHTS);
  }

  @Test
  void giveUpAfterAFewStartsThatCameToNothing() {
    start("die");
    await().until(() -> served.contains(false));

    assertThat(models.state().words()).contains("ended at once");
  }

  @Test
  void giveUpWhereThereIsNoProgram() {
    start("");
    await().until(() -> served.contains(false));

    assertThat(models.state().words()).contains("without the program");
  }

  @Test
  void endTheirProcessWithThemselves() {
    start("good");
    awaitReady();
    var child = finishes();

    models.close();

    assertThat(child.isAlive()).isFalse();
    isUnavailable(ask(PLAIN, new Heard()).join());
  }
}
