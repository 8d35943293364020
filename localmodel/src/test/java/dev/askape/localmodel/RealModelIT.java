package dev.askape.localmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.http.EventLoops;
import dev.askape.provider.local.LocalModels;
import dev.askape.provider.local.LocalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The server's side, this program, the real library and the real weights. The weights are fetched
/// once for all runs; where they cannot be had, these tests say so and are skipped.
class RealModelIT {
  private static final Path FOLDER =
      Path.of(System.getProperty("java.io.tmpdir"), "askape-test-models");
  private static final int PLAIN = 0;
  private static final int INVENTIVE = 1;
  private static final int MOST = 30; // tokens: a busy machine makes few a second

  private static final int LONG = 700; // not over before harm is done
  private static final Path KILL = Path.of("/bin/kill");

  private static EventLoops loops;
  private static LocalModels models;

  static LocalSettings settings() {
    var program =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName());
    var usual = LocalSettings.of(FOLDER, Optional.empty(), 2, 1024);
    return new LocalSettings(
        FOLDER, Optional.empty(), 2, 1024, program, usual.python(), usual.limits());
  }

  @BeforeAll
  static void start() {
    loops = EventLoops.start(1);
    models = new LocalModels(settings(), loops.loops());
    var served = new CompletableFuture<Boolean>();
    models.start(served::complete);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> served.isDone() || models.state().words().contains("pip"));
    if (!models.state().isReady()) {
      abort("no real model here: " + models.state().words());
    }
  }

  @AfterAll
  static void close() {
    models.close();
    loops.close();
  }

  /// Keeps what was said.
  private static final class Heard implements AnswerSink {
    private final List<String> fragments = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);

    @Override
    public boolean text(String fragment) {
      fragments.add(fragment);
      first.countDown();
      return true;
    }

    @Override
    public boolean thinking(String fragment) {
      return true;
    }

    String text() {
      return String.join("", fragments);
    }
  }

  private static CompletableFuture<Outcome> ask(int model, String question, Heard heard) {
    return ask(model, question, MOST, heard);
  }

  private static CompletableFuture<Outcome> ask(int model, String question, int most, Heard heard) {
    var outcome = new CompletableFuture<Outcome>();
    var prompt =
        new Prompt(
            List.of(new Prompt.Message(Prompt.Role.USER, question)),
            new ModelParameters(
                OptionalDouble.empty(), OptionalInt.of(most), List.of(), Optional.empty()));
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

  private static List<ProcessHandle> children(ProcessHandle parent) {
    return parent.children().filter(ProcessHandle::isAlive).toList();
  }

  @Test
  void oneOfTheTwoKnowsTheCapitalOfFrance() {
    var plain = new Heard();
    var inventive = new Heard();
    var first = ask(PLAIN, "What is the capital of France?", plain);
    var second = ask(INVENTIVE, "What is the capital of France?", inventive);

    assertThat(List.of(first.join(), second.join()))
        .allSatisfy(outcome ->
            assertThat(outcome)
                .isInstanceOfSatisfying(
                    Outcome.Finished.class,
                    it -> assertThat(it.usage().orElseThrow().completionTokens()).isPositive()));
    assertThat(plain.text() + inventive.text()).contains("Paris");
  }

  @Test
  void understandsAndSaysCharactersOfManyBytes() {
    var heard = new Heard();
    var outcome = ask(PLAIN, "Repeat exactly, and say nothing else: 🎉🎉🎉🎉🎉🎉🎉🎉", heard);

    assertThat(outcome.join()).isInstanceOf(Outcome.Finished.class);
    assertThat(heard.text()).doesNotContain("�").doesNotContain("ï¿½");
  }

  @Test
  void goesOnWhenItsProcessIsKilledInMidAnswerAgainAndAgain() throws Exception {
    for (int i = 0; i < 3; i++) {
      breaksOffAndGoesOn(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void goesOnWhenItsProcessHangsInMidAnswer() throws Exception {
    assumeTrue(Files.isExecutable(KILL), "needs " + KILL + " to stop a process");
    for (int i = 0; i < 2; i++) {
      breaksOffAndGoesOn(RealModelIT::stop);
    }
  }

  private static void breaksOffAndGoesOn(Consumer<ProcessHandle> harm) throws Exception {
    var heard = new Heard();
    var outcome = ask(PLAIN, "Write a long story about the sea.", LONG, heard);
    heard.first.await();
    harm.accept(children(ProcessHandle.current()).getFirst());

    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, it -> assertThat(it.type()).isEqualTo(ErrorType.UNAVAILABLE));
    assertThat(ask(PLAIN, "Say yes.", new Heard()).join()).isInstanceOf(Outcome.Finished.class);
  }

  private static void stop(ProcessHandle process) {
    try {
      new ProcessBuilder(KILL.toString(), "-STOP", Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void servesEightAtOnceInTurn() {
    var outcomes = new ArrayList<CompletableFuture<Outcome>>();
    for (int i = 0; i < 8; i++) {
      outcomes.add(ask(i % 2, "Say only the number " + i + ".", new Heard()));
    }

    assertThat(outcomes)
        .allSatisfy(it -> assertThat(it.join()).isInstanceOf(Outcome.Finished.class));
  }

  @Test
  void leavesNoProcessBehindWhenTheServerIsKilled() throws Exception {
    assumeTrue(Files.exists(FOLDER), "the weights are there");
    var server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherServer.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var output = server.inputReader()) {
      assertThat(output.lines().anyMatch(it -> it.equals("ready"))).isTrue();
      var children = children(server.toHandle());
      assertThat(children).hasSize(1);

      server.destroyForcibly();

      await().atMost(Duration.ofSeconds(5)).until(() -> !children.getFirst().isAlive());
    } finally {
      server.destroyForcibly();
    }
  }

  /// A process with a child of its own, to be killed.
  static final class OtherServer {
    private OtherServer() {}

    public static void main(String[] arguments) throws InterruptedException {
      var models = new LocalModels(settings(), EventLoops.start(1).loops());
      models.start(served -> System.out.println(served ? "ready" : models.state().words()));
      new CountDownLatch(1).await();
    }
  }
}
