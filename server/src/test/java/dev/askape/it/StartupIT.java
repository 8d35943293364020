package dev.askape.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.fixture.Ports;
import dev.askape.it.Program.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program as people start it: every start that cannot be ends with one line that names the
/// place and the way out, and exit code 2.
@Timeout(120)
class StartupIT {
  private static final String[] NOWHERE = {
    "--server.port=0", "--discovery=false", "--storage.sqlite.path=:memory:"
  };

  private static ExecutorService tasks;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    tasks = Executors.newFixedThreadPool(2);
  }

  @AfterAll
  static void close() {
    tasks.shutdownNow();
  }

  /// A start that must fail.
  ///
  /// @param says what the line must contain, in this order
  private record Failing(String name, Program program, List<String> arguments, List<String> says) {}

  @TestFactory
  List<DynamicTest> failsWithOneLineThatNamesThePlaceAndTheWayOut() throws Exception {
    var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    var other = ServerProcess.start(Program.in(folder), "--discovery=false");
    try (taken;
        other) {
      var failing = new ArrayList<>(unknownKeys());
      failing.addAll(wrongValues());
      failing.addAll(whatTheMachineRefuses(taken.getLocalPort()));
      var ends = new ArrayList<Future<Finished>>();
      for (var start : failing) {
        var arguments = start.arguments().toArray(String[]::new);
        ends.add(tasks.submit(() -> start.program().run(arguments)));
      }
      var tests = new ArrayList<DynamicTest>();
      for (int i = 0; i < failing.size(); i++) {
        tests.add(test(failing.get(i), end(ends.get(i))));
      }
      return tests;
    }
  }

  private static Finished end(Future<Finished> running) throws InterruptedException {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static DynamicTest test(Failing start, Finished end) {
    return DynamicTest.dynamicTest(
        start.name(),
        () -> {
          assertThat(end.exit()).as("%s", end).isEqualTo(2);
          assertThat(end.err()).hasSize(1);
          assertThat(end.err().getFirst()).startsWith("askape: ").containsSubsequence(start.says());
          assertThat(end.out()).isEmpty();
        });
  }

  private List<Failing> unknownKeys() throws IOException {
    return List.of(
        new Failing(
            "an unknown key in the file",
            file("server:\n  prot: 3000\n"),
            List.of(),
            List.of("askape.yaml", "server.prot", "server.port")),
        new Failing(
            "an unknown key in the environment",
            new Program(empty(), Map.of("ASKAPE_SERVER_PROT", "3000"), List.of()),
            List.of(),
            List.of("ASKAPE_SERVER_PROT", "ASKAPE_SERVER_PORT")),
        new Failing(
            "an unknown key in the flags",
            Program.in(empty()),
            List.of("--server.prot=3000"),
            List.of("--server.prot", "--server.port")));
  }

  private List<Failing> wrongValues() throws IOException {
    return List.of(
        new Failing(
            "a wrong type in the file",
            file("server:\n  port: many\n"),
            List.of(),
            List.of("askape.yaml", "server.port", "whole number", "many")),
        new Failing(
            "a wrong type in the environment",
            new Program(empty(), Map.of("ASKAPE_DISCOVERY", "perhaps"), List.of()),
            List.of(),
            List.of("ASKAPE_DISCOVERY", "true or false")),
        new Failing(
            "a wrong type in the flags",
            Program.in(empty()),
            List.of("--shutdown.grace=5"),
            List.of("--shutdown.grace", "duration", "10m", "\"5\"")),
        new Failing(
            "a missing variable",
            file(
                """
                providers: { hf: { base-url: 'https://example.org/v1', api-key: '${NO_SUCH}' } }
                models: [ { id: a, provider: hf } ]
                """),
            List.of(),
            List.of("askape.yaml", "providers.hf.api-key", "NO_SUCH")),
        new Failing(
            "a file that is not there",
            Program.in(empty()),
            List.of("--config=nowhere.yaml"),
            List.of("nowhere.yaml")),
        new Failing(
            "open mode on every network without saying so",
            Program.in(empty()),
            List.of("--server.host=0.0.0.0"),
            List.of("server.host", "auth.mode")),
        new Failing(
            "an unknown command",
            Program.in(empty()),
            List.of("sevre"),
            List.of("sevre", "serve")));
  }

  private List<Failing> whatTheMachineRefuses(int takenPort) throws IOException {
    // Not even root can make a folder inside of a file.
    var file = Files.createFile(empty().resolve("file"));
    return List.of(
        new Failing(
            "a port in use",
            Program.in(empty()),
            List.of("--discovery=false", "--server.port=" + takenPort),
            List.of("--server.port", "port " + takenPort, "in use", "--server.port=N")),
        new Failing(
            "a folder that cannot be written",
            Program.in(empty()),
            List.of(NOWHERE[0], NOWHERE[1], "--storage.sqlite.path=" + file + "/askape.db"),
            List.of("--storage.sqlite.path", file.toString(), "storage.sqlite.path")),
        new Failing(
            "a second process on the same data",
            Program.in(folder),
            List.of(NOWHERE[0], NOWHERE[1]),
            List.of("storage.sqlite.path", "askape.db is in use by process", "stop that one")));
  }

  private Path empty() throws IOException {
    return Files.createTempDirectory(folder, "start");
  }

  private Program file(String yaml) throws IOException {
    var place = empty();
    Files.writeString(place.resolve("askape.yaml"), yaml);
    return Program.in(place);
  }

  @Test
  void printsItsHelp() throws Exception {
    var end = Program.in(folder).run("--help");
    assertThat(end.exit()).isZero();
    assertThat(end.err()).isEmpty();
    assertThat(String.join("\n", end.out()))
        .contains("serve", "models", "check", "version", "fake-provider", "conformance");
  }

  @Test
  void printsItsVersion() throws Exception {
    var end = Program.in(folder).run("version");
    assertThat(end.exit()).isZero();
    assertThat(end.err()).isEmpty();
    assertThat(end.out())
        .singleElement()
        .asString()
        .matches("AskApe \\S+ \\(build \\S+, Java 2.*\\)");
  }

  @Test
  void listsItsModels() throws Exception {
    try (var standIn = new StandIn()) {
      Configuration.write(folder, standIn.baseUrl());
      var end = Program.in(folder).run("models");
      assertThat(end.exit()).isZero();
      assertThat(end.err()).isEmpty();
      assertThat(end.out()).hasSize(2);
      assertThat(end.out().getFirst()).containsSubsequence("fake-a", "Fake A", "fake", "default");
    }
  }

  @Test
  void checksItsConfigurationProvidersAndStore() throws Exception {
    try (var standIn = new StandIn()) {
      Configuration.write(folder, standIn.baseUrl());
      var program =
          new Program(folder, Map.of("ASKAPE_PROVIDERS_FAKE_API_KEY", "sk-secret"), List.of());
      var end = program.run("check", "--shutdown.grace=1s");
      assertThat(end.exit()).as("%s", end).isZero();
      assertThat(end.err()).isEmpty();
      assertThat(end.out())
          .anyMatch(line -> line.matches("shutdown\\.grace +1s +.*--shutdown\\.grace.*"))
          .anyMatch(line -> line.matches("server\\.host +127\\.0\\.0\\.1 +.*askape\\.yaml.*"))
          .anyMatch(line -> line.matches("limits\\.answers +2000 +default"))
          .anyMatch(line -> line.startsWith("good") && line.contains("fake"))
          .noneMatch(line -> line.contains("sk-secret"))
          .noneMatch(line -> line.startsWith("BAD"));
    }
  }

  @Test
  void saysSoWhenAProviderCannotBeReached() throws Exception {
    int nobody = Ports.free();
    Configuration.write(folder, java.net.URI.create("http://127.0.0.1:" + nobody + "/v1"));
    var end = Program.in(folder).run("check");
    assertThat(end.exit()).isEqualTo(2);
    assertThat(end.out()).anyMatch(line -> line.startsWith("BAD") && line.contains("fake"));
  }
}
