package dev.askape.bench.reader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the stand-in's streams with one reader after another, each in a process of its own, bare
/// Netty first and last.
///
/// @param port of the stand-in
/// @param rate fragments a second of each stream
/// @param warmup seconds, like the window
public record ReaderRun(int port, int streams, int rate, long warmup, long window) {
  private static final String FLOOR = "netty";

  /// The table, in Markdown.
  public String run() throws InterruptedException {
    Map<String, ReaderResult> results = new LinkedHashMap<>();
    results.put("bare Netty", measure(FLOOR));
    for (var kind : Asking.KINDS) {
      results.put("AskApe, " + kind, measure(kind));
    }
    results.put("bare Netty, again", measure(FLOOR));
    double floor =
        results.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("bare"))
            .mapToDouble(entry -> entry.getValue().microsPerFragment())
            .average()
            .orElseThrow();
    var rows = new ArrayList<String>();
    results.forEach((name, result) -> rows.add(row(name, result, floor)));
    return """
    %d streams at once, %d fragments a second each

    | reader | CPU µs/fragment, without JIT | by bare Netty | read of what was sent | on the way p50/p99/max ms |
    |---|---|---|---|---|
    %s
    """
        .formatted(streams, rate, String.join("\n", rows));
  }

  private static String row(String name, ReaderResult result, double floor) {
    return "| %s | %.1f | %.2f | %.1f %% | %.1f/%.1f/%.1f |"
        .formatted(
            name,
            result.microsPerFragment(),
            result.microsPerFragment() / floor,
            100 * result.share(),
            result.p50(),
            result.p99(),
            result.max());
  }

  private ReaderResult measure(String reader) throws InterruptedException {
    System.err.printf("reader %s, %d streams%n", reader, streams);
    var command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseCompactObjectHeaders",
            "-XX:MaxRAMPercentage=50",
            "-cp",
            System.getProperty("java.class.path"),
            ReaderProcess.class.getName(),
            reader,
            Integer.toString(port),
            Integer.toString(streams),
            Integer.toString(rate),
            Long.toString(warmup),
            Long.toString(window));
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return ReaderResult.parse(out.strip().lines().toList().getLast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
