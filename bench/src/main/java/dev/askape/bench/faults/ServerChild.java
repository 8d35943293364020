package dev.askape.bench.faults;

import dev.askape.fixture.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The server in a process of its own, which can be killed and started again on the same port. Used
/// by one thread.
final class ServerChild implements AutoCloseable {
  private static final long START_SECONDS = 60;
  private static final List<String> AS_LAUNCHED =
      List.of("-XX:+UseCompactObjectHeaders", "-XX:MaxRAMPercentage=25");
  private static final List<String> QUICK =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

  private final Path work;
  private final int port;
  private final Map<String, String> environment = new HashMap<>();
  private List<String> main = List.of("dev.askape.cli.Main", "serve");
  private List<String> jvm = AS_LAUNCHED;
  private @Nullable Process process;

  /// @param work where its configuration and its output are
  ServerChild(Path work) {
    this.work = work;
    this.port = Ports.free();
  }

  /// Writes its configuration.
  ///
  /// @param store the part that says where conversations are kept
  void configure(String store, int provider) {
    try {
      Files.writeString(
          configuration(),
          """
          server: { host: 127.0.0.1, port: %d }
          %s
          providers:
            standin: { type: openai, base-url: "http://127.0.0.1:%d/v1" }
          models:
            - { id: "fake-*", provider: standin }
          """
              .formatted(port, store, provider));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path configuration() {
    return work.resolve("askape.yaml");
  }

  int port() {
    return port;
  }

  Map<String, String> environment() {
    return environment;
  }

  /// Another program in its place; starts faster and runs slower.
  void run(List<String> other) {
    main = List.copyOf(other);
    jvm = QUICK;
  }

  /// Starts it.
  void launch() {
    var command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(main);
    command.addAll(List.of("--config", configuration().toString()));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path log() {
    return work.resolve("server.log");
  }

  /// What it said last.
  String lastLine() throws IOException {
    return Files.readString(log()).lines().reduce((_, last) -> last).orElse("");
  }

  /// Waits until it listens; false when it ended instead.
  boolean awaitListening() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Ports.isTaken(port)) {
      if (!process().isAlive() || System.nanoTime() > until) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return true;
  }

  /// Starts it and waits until it listens.
  void start() throws InterruptedException {
    launch();
    if (!awaitListening()) {
      throw new IllegalStateException("the server does not listen; its output is in " + log());
    }
  }

  private Process process() {
    var child = process;
    if (child == null) {
      throw new IllegalStateException("not started");
    }
    return child;
  }

  boolean isAlive() {
    return process().isAlive();
  }

  /// SIGKILL; returns when it is gone.
  void kill() throws InterruptedException {
    process().destroyForcibly();
    process().waitFor();
  }

  /// SIGTERM; returns at once.
  void terminate() {
    process().destroy();
  }

  /// The exit code; -1 when it does not end in time.
  int awaitExit(long seconds) throws InterruptedException {
    return process().waitFor(seconds, TimeUnit.SECONDS) ? process().exitValue() : -1;
  }

  @Override
  public void close() {
    var child = process;
    if (child != null) {
      child.destroyForcibly();
    }
  }
}
