package dev.askape.it;

import dev.askape.standin.StandInText;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One fault of the matrix, and what has to come of it.
///
/// @param name for the table
/// @param script behind the name of the model; the answers have six fragments; empty for a model of
///   a provider that is not there
/// @param kinds of providers that can have it
/// @param expected with all of them but those in `others`
record MatrixRow(
    String name,
    String script,
    Set<ProviderKind> kinds,
    Expected expected,
    Map<ProviderKind, Expected> others) {
  static final int FRAGMENTS = 6;
  private static final String USUAL = "tokens=%d,rate=0,first=0".formatted(FRAGMENTS);
  private static final int HALF = FRAGMENTS / 2;

  /// What has to come of a fault.
  ///
  /// @param outcome `completed`, or the type of the error
  /// @param fragments of the answer that are kept
  /// @param calls of the provider
  /// @param least until it ends
  /// @param gap between the first two calls, at least
  record Expected(String outcome, int fragments, int calls, Duration least, Duration gap) {
    static Expected completed(int calls) {
      return new Expected("completed", FRAGMENTS, calls, Duration.ZERO, Duration.ZERO);
    }

    static Expected failed(String type, int calls) {
      return new Expected(type, 0, calls, Duration.ZERO, Duration.ZERO);
    }

    /// In the middle of the answer.
    static Expected brokenOff(String type) {
      return new Expected(type, HALF, 1, Duration.ZERO, Duration.ZERO);
    }

    Expected notBefore(Duration time) {
      return new Expected(outcome, fragments, calls, time, gap);
    }

    Expected apart(Duration time) {
      return new Expected(outcome, fragments, calls, least, time);
    }

    /// When it should have ended, on a machine that has nothing else to do.
    Duration latest(Duration pauses) {
      return least.plus(gap).plus(calls > 1 ? pauses : Duration.ZERO);
    }

    boolean isCompleted() {
      return outcome.equals("completed");
    }
  }

  static MatrixRow row(String name, String script, Expected expected) {
    return new MatrixRow(name, script, Set.of(ProviderKind.values()), expected, Map.of());
  }

  /// The same, with another expectation for some kinds.
  MatrixRow but(Expected other, ProviderKind... which) {
    var all = new EnumMap<ProviderKind, Expected>(ProviderKind.class);
    all.putAll(others);
    for (var kind : which) {
      all.put(kind, other);
    }
    return new MatrixRow(name, script, kinds, expected, all);
  }

  MatrixRow only(ProviderKind... which) {
    return new MatrixRow(name, script, Set.of(which), expected, others);
  }

  Expected expected(ProviderKind kind) {
    return others.getOrDefault(kind, expected);
  }

  /// Whether the provider gets to see the calls.
  boolean isReachable() {
    return !script.isEmpty();
  }

  /// The model that fails.
  String faulty(ProviderKind kind) {
    if (!isReachable()) {
      return "gone-" + kind.word();
    }
    return "fake-%s-%s:%s,%s".formatted(kind.word(), slug(), USUAL, script);
  }

  /// Another one that does not.
  String healthy(ProviderKind kind) {
    return "fake-%s-beside-%s:%s".formatted(kind.word(), slug(), USUAL);
  }

  private String slug() {
    return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  /// What has to be left of the answer.
  String text(ProviderKind kind) {
    if (!isReachable()) {
      return "";
    }
    List<String> fragments = StandInText.fragments(faulty(kind));
    var text = String.join("", fragments.subList(0, expected(kind).fragments()));
    return script.contains("badutf8")
        ? String.join("", fragments.subList(0, HALF))
            + "<\ufffd\ufffd>"
            + String.join("", fragments.subList(HALF + 1, FRAGMENTS)) // in place of the next one
        : text;
  }
}
