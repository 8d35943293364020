package dev.askape.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The program as the launcher starts it, in a folder, with no environment but what is given.
///
/// @param wrapper what runs it, such as `strace`; usually nothing
record Program(Path folder, Map<String, String> environment, List<String> wrapper) {
  /// How an invocation ended.
  record Finished(int exit, List<String> out, List<String> err) {}

  static Program in(Path folder) {
    return new Program(folder, Map.of(), List.of());
  }

  Process start(List<String> arguments) throws IOException {
    var command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Quick to start: most of these processes live for a second or two.
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-cp",
            classPath(),
            "dev.askape.cli.Main"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Runs it to its end; one that does not end is killed and fails the test.
  Finished run(String... arguments) throws IOException, InterruptedException {
    var process = start(List.of(arguments));
    process.getOutputStream().close();
    var err = new FutureTask<>(() -> lines(process.errorReader(UTF_8)));
    Thread.startVirtualThread(err);
    var out = new FutureTask<>(() -> lines(process.inputReader(UTF_8)));
    Thread.startVirtualThread(out);
    try {
      if (!process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running: " + Arrays.toString(arguments));
      }
      return new Finished(process.exitValue(), out.get(), err.get());
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> lines(BufferedReader reader) {
    return reader.lines().toList();
  }

  /// That of this process without the tests, so that the program's own `logback.xml` is in force.
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
