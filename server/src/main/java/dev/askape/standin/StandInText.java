package dev.askape.standin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the stand-in says: a function of the model id, so that whoever asked can check every prefix
/// of it.
public final class StandInText {
  private static final List<String> WORDS =
      List.of(
          ("and the but for not you all any can had her was one our out day get has him his how man"
                  + " new now old see two way who boy did its let put say she too use that with have"
                  + " this will your from they know want been good much some time very when come here"
                  + " just like long make many over such take than them well were about other which"
                  + " their there first would these click price state email world music after video"
                  + " where books links years order items group under games could great hotel store"
                  + " terms right local those using phone forum based black check index being women"
                  + " letter garden window summer branch silver market")
              .split(" "));

  /// Each is easy to break: outside the basic plane, joined, combining, right to left, what ends a
  /// line in some languages, what must be escaped.
  private static final List<String> UNICODE =
      List.of(
          "é",
          "ß",
          "日本語",
          "😀",
          "👩‍👩‍👧‍👦",
          "e\u0301",
          "\u2028",
          "\u2029",
          "שלום",
          "مرحبا",
          "𝒳𝒴",
          "🇫🇷",
          "\"q\"",
          "\\",
          "\n",
          "\t",
          "</script>",
          "हिन्दी",
          "한국어",
          "\ufeff",
          "🏳️‍🌈",
          "\u007f",
          "ﬃ",
          "Ω");

  private StandInText() {}

  /// All fragments of the answer; not for the texts `echo`, `request` and `stamp`.
  ///
  /// @throws IllegalArgumentException when the model id is no script
  public static List<String> fragments(String modelId) {
    var script = script(modelId);
    return IntStream.range(0, script.tokens()).mapToObj(i -> fragment(script, modelId, i)).toList();
  }

  /// The whole answer.
  public static String answer(String modelId) {
    return String.join("", fragments(modelId));
  }

  /// The whole reasoning.
  public static String reasoning(String modelId) {
    var script = script(modelId);
    return IntStream.range(0, script.think())
        .mapToObj(i -> thought(modelId, i))
        .collect(Collectors.joining());
  }

  private static Script script(String modelId) {
    return Script.parse(modelId)
        .orElseThrow(() -> new IllegalArgumentException("no script: " + modelId));
  }

  static String fragment(Script script, String modelId, int index) {
    if (script.text().equals("unicode")) {
      return UNICODE.get(index % UNICODE.size()) + (index % 3 == 0 ? " " : "");
    }
    return script.chars() > 0
        ? letters(modelId, index, script.chars())
        : word(modelId.hashCode(), index);
  }

  static String thought(String modelId, int index) {
    return word(~modelId.hashCode(), index);
  }

  /// Cuts a text into fragments of a few characters, never within one.
  static List<String> cut(String text) {
    var fragments = new ArrayList<String>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + 6);
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++;
      }
      fragments.add(text.substring(from, to));
      from = to;
    }
    return fragments;
  }

  private static String word(long seed, int index) {
    return WORDS.get((int) Long.remainderUnsigned(mixed(seed, index), WORDS.size())) + " ";
  }

  private static String letters(String modelId, int index, int count) {
    var letters = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      long value = mixed(modelId.hashCode(), index * 1_000L + i);
      letters.append(i == count - 1 ? ' ' : (char) ('a' + Long.remainderUnsigned(value, 26)));
    }
    return letters.toString();
  }

  /// SplitMix64.
  private static long mixed(long seed, long index) {
    long z = seed * 0x632be59bd9b4e019L + (index + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
