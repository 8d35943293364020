package dev.askape.chat;

/// Text without lone surrogates, so that the live event, the store and a re-read agree.
public final class WellFormed {
  static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /// The text itself, or a copy in which each lone surrogate is U+FFFD.
  public static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (isPairAt(text, i)) {
        i++;
      } else {
        return replaced(text, i);
      }
    }
    return text;
  }

  private static String replaced(String text, int from) {
    var clean = new StringBuilder(text);
    for (int i = from; i < clean.length(); i++) {
      if (Character.isSurrogate(clean.charAt(i))) {
        if (isPairAt(clean, i)) {
          i++;
        } else {
          clean.setCharAt(i, REPLACEMENT);
        }
      }
    }
    return clean.toString();
  }

  private static boolean isPairAt(CharSequence text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }

  /// The first `limit` characters of a text, one less where that would cut a surrogate pair.
  static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, end);
  }
}
