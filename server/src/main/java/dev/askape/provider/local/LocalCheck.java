package dev.askape.provider.local;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Tries what the local models need, without changing anything.
///
/// @param isGood whether a server would have them
/// @param detail one line for people
public record LocalCheck(boolean isGood, String detail) {
  private static final int PATIENCE_SECONDS = 20;

  /// Starts their process if the weights are there, else looks for what would fetch them. Blocks
  /// for seconds.
  public static LocalCheck of(LocalSettings settings) throws InterruptedException {
    try {
      if (settings.program().isEmpty()) {
        throw NotReady.forGood("this build comes without the program that runs them");
      }
      var weights = new Weights(settings, WeightsPackage.SMOLLM2);
      return settings.model().isPresent() || weights.areThere()
          ? start(settings, weights)
          : wouldFetch(settings);
    } catch (NotReady e) {
      return new LocalCheck(false, e.words());
    }
  }

  private static LocalCheck start(LocalSettings settings, Weights weights)
      throws NotReady, InterruptedException {
    try (var child = Child.start(settings, weights.ready())) {
      child.awaitPort(settings.limits().start());
      return new LocalCheck(
          true,
          "start with %s (%d threads, %d tokens)"
              .formatted(weights.file(), settings.threads(), settings.context()));
    }
  }

  private static LocalCheck wouldFetch(LocalSettings settings)
      throws NotReady, InterruptedException {
    for (var python : settings.python()) {
      if (hasPip(python)) {
        return new LocalCheck(
            true,
            "their weights are not in %s yet; the server fetches them with %s -m pip (93 MB)"
                .formatted(settings.folder(), python));
      }
    }
    throw NotReady.forGood(
        "their weights are not in %s, and there is no Python with pip to fetch them with"
            .formatted(settings.folder()));
  }

  private static boolean hasPip(String python) throws InterruptedException {
    try {
      var process =
          new ProcessBuilder(List.of(python, "-m", "pip", "--version"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException _) {
      return false; // there is no such command
    }
  }
}
