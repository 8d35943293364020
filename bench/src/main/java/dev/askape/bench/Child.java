package dev.askape.bench;

import dev.askape.fixture.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own on a loopback port.
record Child(String name, Process process, int port) implements AutoCloseable {
  static final String LOOPBACK = "127.0.0.1";
  private static final long START_SECONDS = 180; // AskApe may have to be built first

  /// Starts it and waits until it listens.
  ///
  /// @param log where its output goes
  /// @throws IllegalStateException when it does not listen
  static Child start(String name, int port, List<String> command, Path log)
      throws InterruptedException {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var child = new Child(name, process, port);
      child.awaitListening(log);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListening(Path log) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Ports.isTaken(port)) {
      if (!process.isAlive() || System.nanoTime() > until) {
        close();
        throw new IllegalStateException(name + " does not listen; its output is in " + log);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
