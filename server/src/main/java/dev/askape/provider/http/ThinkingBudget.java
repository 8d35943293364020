package dev.askape.provider.http;

import java.util.Locale;

/// The reasoning effort in tokens, for APIs that want it so.
public final class ThinkingBudget {
  private static final int MINIMAL = 1_024;
  private static final int LOW = 2_048;
  private static final int MEDIUM = 8_192;
  private static final int HIGH = 24_576;
  private static final int MOST = 1_000_000;

  private ThinkingBudget() {}

  /// `none` is 0, `minimal` 1,024, `low` 2,048, `medium` 8,192, `high` and what is more 24,576; a
  /// number is itself; any other word counts as `medium`.
  public static int of(String effort) {
    var word = effort.strip().toLowerCase(Locale.ROOT);
    if (word.matches("[0-9]{1,7}")) {
      return Math.min(Integer.parseInt(word), MOST);
    }
    return switch (word) {
      case "none", "off", "disabled" -> 0;
      case "minimal" -> MINIMAL;
      case "low" -> LOW;
      case "high", "xhigh", "max" -> HIGH;
      default -> MEDIUM;
    };
  }
}
