package dev.askape.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What somebody probably meant who wrote a name that is not known.
public final class Suggestion {
  private Suggestion() {}

  /// The known name that is spelled most like `written`, or, if none is, one that ends in it.
  public static Optional<String> of(String written, Collection<String> known) {
    var tolerated = Math.max(1, written.length() / 4);
    var close =
        known.stream()
            .filter(name -> distance(written, name) <= tolerated)
            .min(Comparator.comparingInt(name -> distance(written, name)));
    return close.isPresent()
        ? close
        : known.stream().filter(name -> lastWord(name).equals(lastWord(written))).findFirst();
  }

  private static String lastWord(String name) {
    var parts = name.split("[._]|^--");
    return parts[parts.length - 1];
  }

  /// Edits between two names: a letter more, less, other, or two swapped.
  private static int distance(String a, String b) {
    var rows = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        var other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        var least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
        rows[i][j] = Math.min(least, rows[i - 1][j - 1] + other);
        if (i > 1 && j > 1 && swapped(a, i, b, j)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[a.length()][b.length()];
  }

  private static boolean swapped(String a, int i, String b, int j) {
    return a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
