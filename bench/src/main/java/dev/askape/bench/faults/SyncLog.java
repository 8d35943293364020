package dev.askape.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The library that is preloaded into a server, and the pipe that it writes to.
record SyncLog(Path library, Path pipe) {
  private static final String SOURCE = "synclog.c";

  /// Compiles it; empty where there is no C compiler or no named pipe.
  static Optional<SyncLog> build(Path work) throws IOException, InterruptedException {
    var source = work.resolve(SOURCE);
    try (var resource = SyncLog.class.getResourceAsStream(SOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(SOURCE + " is not on the class path");
      }
      Files.copy(resource, source);
    }
    var log = new SyncLog(work.resolve("synclog.so"), work.resolve("synclog.pipe"));
    boolean built =
        ran(
                "cc",
                "-shared",
                "-fPIC",
                "-O2",
                "-o",
                log.library().toString(),
                source.toString(),
                "-ldl")
            && ran("mkfifo", log.pipe().toString());
    return built ? Optional.of(log) : Optional.empty();
  }

  private static boolean ran(String... command) throws InterruptedException {
    try {
      var process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false; // there is no such program
    }
  }

  void preload(ServerChild server, Path folder, boolean lying) {
    server.environment().put("LD_PRELOAD", library.toString());
    server.environment().put("SYNCLOG_PIPE", pipe.toString());
    server.environment().put("SYNCLOG_FOLDER", folder.toString());
    if (lying) {
      server.environment().put("SYNCLOG_LIES", "yes");
    }
  }
}
