package dev.askape.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Headless Chromium with a profile of its own, which talks to nobody but loopback: every other
/// name is not found.
///
/// @param rules of its own how names are resolved, as in `MAP name 127.0.0.1`
record Browser(Path program, Path folder, String rules) {
  /// Skips the test that asks, by name and with the reason, where there is no Chromium.
  static Browser find(Path folder, String rules) {
    var path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of("/usr/bin"), Stream.of(path.split(File.pathSeparator)))
        .flatMap(place -> Stream.of("chromium", "chromium-browser").map(Path.of(place)::resolve))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Browser(program, folder, rules))
        .orElseGet(() -> abort("nothing was tried in a browser: chromium is not on this machine"));
  }

  /// The page after it was loaded, as HTML.
  String dump(String url) throws IOException, InterruptedException {
    var page = Files.createTempFile(folder, "page", ".html");
    var process = start(page.toFile(), "--dump-dom", url);
    try {
      if (!process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("chromium does not end");
      }
      return Files.readString(page, UTF_8);
    } finally {
      kill(process);
    }
  }

  /// Keeps the page open until it is closed.
  AutoCloseable open(String url) throws IOException {
    var process = start(new File("/dev/null"), url);
    return () -> kill(process);
  }

  private Process start(File out, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=" + rules + ", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile")));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(out)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("TMPDIR", folder.toString());
    return builder.start();
  }

  /// Ends all of its processes, so that nobody writes to the profile any more.
  private static void kill(Process process) {
    var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    Patience.until("chromium to end", () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }
}
