package dev.askape.cli;

import dev.askape.cli.Commands.Running;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Where the process starts.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    var commandLine =
        new CommandLine(
            new Live(System.getenv()),
            Main::untilSignal,
            System.out,
            System.err,
            Path.of(""),
            System.getenv());
    var code = commandLine.run(List.of(arguments));
    Logs.close();
    System.exit(code);
  }

  /// SIGTERM and SIGINT run the shutdown hooks; the process ends when they have. So this never
  /// returns.
  static void untilSignal(Running running) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  running.close();
                  Logs.close();
                },
                "shutdown"));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
