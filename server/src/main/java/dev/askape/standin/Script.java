package dev.askape.standin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a model id tells the stand-in to do; the package's page has the grammar. Immutable.
record Script(
    int tokens,
    int rate,
    int firstMillis,
    int chars,
    int think,
    boolean usage,
    String text,
    String fail,
    int at) {
  private static final Set<String> KEYS =
      Set.of("tokens", "rate", "first", "chars", "think", "usage", "text", "fail", "at");
  private static final Set<String> TEXTS = Set.of("words", "unicode", "echo", "stamp");
  private static final Set<String> FAILS =
      Set.of(
          "",
          "refuse",
          "401",
          "404",
          "429",
          "500",
          "400-stream-options",
          "hang",
          "stall",
          "reset",
          "truncate",
          "error",
          "garbage",
          "longline",
          "badutf8",
          "nodone",
          "split");
  private static final int MAX_COUNT = 10_000_000;

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
    var text = values.getOrDefault("text", "words");
    var fail = values.getOrDefault("fail", "");
    if (!TEXTS.contains(text) || !FAILS.contains(fail)) {
      throw new IllegalArgumentException("unknown text or fail");
    }
    return new Script(
        tokens,
        number(values, "rate", 50),
        number(values, "first", 100),
        number(values, "chars", 0),
        number(values, "think", 0),
        number(values, "usage", 1) > 0,
        text,
        fail,
        number(values, "at", tokens / 2));
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

  boolean fails(String how) {
    return fail.equals(how);
  }
}
