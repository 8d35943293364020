package dev.askape.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.askape.fixture.Ports;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A server in a process of its own, which can be killed, told to end, and started again on the
/// same port with the same data. Everything it writes is kept for the messages of failures.
final class ServerProcess implements AutoCloseable {
  private static final Pattern LISTENS = Pattern.compile("AskApe listens on http://\\S+:(\\d+)");

  private final Program program;
  private final List<String> arguments;
  private final int port;
  private final List<String> output = new ArrayList<>();
  private Process process;

  private ServerProcess(Program program, List<String> arguments, int port) throws IOException {
    this.program = program;
    this.arguments = List.copyOf(arguments);
    this.port = port;
    this.process = launch();
  }

  /// Starts it and waits until it listens, on a port that no outgoing connection of this machine
  /// can take while it is down.
  static ServerProcess start(Program program, String... arguments) throws IOException {
    int port = Ports.free();
    var all = new ArrayList<>(List.of(arguments));
    all.add("--server.port=" + port);
    return new ServerProcess(program, all, port);
  }

  private Process launch() throws IOException {
    var started = program.start(arguments);
    var listens = new CountDownLatch(1);
    Thread.startVirtualThread(() -> {
      started
          .inputReader(UTF_8)
          .lines()
          .forEach(line -> {
            keep(line);
            if (LISTENS.matcher(line).find()) {
              listens.countDown();
            }
          });
      listens.countDown();
    });
    Thread.startVirtualThread(() -> started.errorReader(UTF_8).lines().forEach(this::keep));
    try {
      boolean inTime = listens.await(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime || !started.isAlive()) {
        started.destroyForcibly();
        throw new AssertionError("did not start:\n" + output());
      }
    } catch (InterruptedException e) {
      started.destroyForcibly();
      throw new IOException("interrupted", e);
    }
    return started;
  }

  private void keep(String line) {
    synchronized (output) {
      output.add(line);
    }
  }

  /// Everything it has written, over all its lives.
  String output() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// `kill -9`.
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  /// SIGSTOP: it keeps its connections and does nothing.
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /// SIGCONT: it goes on where it was frozen, and does not know.
  void wake() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("no signal " + name);
    }
  }

  /// SIGTERM; returns at once.
  void terminate() {
    process.toHandle().destroy();
  }

  /// The exit code, once it has ended.
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("does not end:\n" + output());
    }
    return process.exitValue();
  }

  /// Starts it again after its end.
  void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() {
    // What runs under a tracer outlives it, and the tracer ends when that has ended.
    var traced = process.descendants().toList();
    traced.forEach(ProcessHandle::destroyForcibly);
    if (traced.isEmpty()) {
      process.destroyForcibly();
    }
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
