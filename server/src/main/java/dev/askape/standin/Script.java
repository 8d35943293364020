package dev.askape.standin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a model id tells the stand-in to do, whatever the dialect it is asked in; the package's
/// page has the grammar. Immutable.
record Script(
    int tokens,
    int rate,
    int firstMillis,
    int chars,
    int think,
    boolean usage,
    int cached,
    String text,
    String finish,
    Failure failure) {
  private static final Set<String> KEYS =
      Set.of(
          "tokens", "rate", "first", "chars", "think", "usage", "cached", "text", "finish", "fail",
          "at", "times", "code", "after", "leak");
  private static final Set<String> TEXTS = Set.of("words", "unicode", "echo", "request", "stamp");
  private static final Set<String> FINISHES = Set.of("stop", "length", "filter", "other");
  private static final String AFTERS = "\\d{1,6}|(date|ms|body)-\\d{1,6}|huge|word|negative|past";
  private static final int MAX_COUNT = 10_000_000;

  /// What goes wrong.
  ///
  /// @param status for [Fault#STATUS]
  /// @param at the fragment before which it goes wrong, where that makes a difference
  /// @param times calls of this model that fail before it works; 0: all
  /// @param code the status that an error in the stream stands for
  /// @param after in which form it says when to come back; empty: it does not say
  /// @param leak whether everything it says about it contains the key it was called with
  record Failure(Fault fault, int status, int at, int times, int code, String after, boolean leak) {
    private Failure gone() {
      return new Failure(Fault.NONE, status, at, times, code, after, leak);
    }
  }

  /// Empty when the id is no script.
  static Optional<Script> parse(String modelId) {
    if (!modelId.matches("fake-[A-Za-z0-9._-]+(:.*)?")) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    int colon = modelId.indexOf(':');
    if (colon >= 0) {
      for (var pair : modelId.substring(colon + 1).split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 0 || !KEYS.contains(pair.substring(0, equals))) {
          return Optional.empty();
        }
        values.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    try {
      return Optional.of(of(values));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Script of(Map<String, String> values) {
    int tokens = number(values, "tokens", 60);
    return new Script(
        tokens,
        number(values, "rate", 50),
        number(values, "first", 100),
        number(values, "chars", 0),
        number(values, "think", 0),
        number(values, "usage", 1) > 0,
        number(values, "cached", 0),
        oneOf(TEXTS, values.getOrDefault("text", "words")),
        oneOf(FINISHES, values.getOrDefault("finish", "stop")),
        failure(values, tokens));
  }

  private static Failure failure(Map<String, String> values, int tokens) {
    var word = values.getOrDefault("fail", "none");
    var fault = Fault.named(word).orElseThrow(() -> new IllegalArgumentException(word));
    var after = values.getOrDefault("after", "");
    if (!after.isEmpty() && !after.matches(AFTERS)) {
      throw new IllegalArgumentException(after);
    }
    int status = word.matches("\\d+") ? Integer.parseInt(word) : 503;
    return new Failure(
        fault,
        status,
        number(values, "at", tokens / 2),
        number(values, "times", 0),
        number(values, "code", 500),
        after,
        number(values, "leak", 0) > 0);
  }

  private static String oneOf(Set<String> words, String word) {
    if (!words.contains(word)) {
      throw new IllegalArgumentException(word);
    }
    return word;
  }

  private static int number(Map<String, String> values, String key, int otherwise) {
    var value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    int number = Integer.parseInt(value);
    if (number < 0 || number > MAX_COUNT) {
      throw new IllegalArgumentException(key);
    }
    return number;
  }

  /// The script of one call.
  ///
  /// @param call which it is of this model's, from 1
  Script ofCall(long call) {
    return failure.times() == 0 || call <= failure.times()
        ? this
        : new Script(
            tokens, rate, firstMillis, chars, think, usage, cached, text, finish, failure.gone());
  }

  Fault fault() {
    return failure.fault();
  }
}
