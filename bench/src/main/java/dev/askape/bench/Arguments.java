package dev.askape.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// What a script was called with: options of the form `--name=value`, each of which has a usual
/// value.
public record Arguments(Map<String, String> values) {
  public Arguments {
    values = Map.copyOf(values);
  }

  /// Reads them.
  ///
  /// @param usual the options there are, with their usual values
  /// @throws IllegalArgumentException for any other; it says which ones there are
  public static Arguments parse(Map<String, String> usual, String... args) {
    var values = new HashMap<>(usual);
    for (var arg : args) {
      var pair = arg.split("=", 2);
      var name = pair[0].replaceFirst("^--", "");
      if (pair.length < 2 || !usual.containsKey(name)) {
        throw new IllegalArgumentException("unknown option " + arg + "; there are " + usual);
      }
      values.put(name, pair[1]);
    }
    return new Arguments(values);
  }

  public String text(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  public int whole(String name) {
    return Integer.parseInt(text(name));
  }

  public double decimal(String name) {
    return Double.parseDouble(text(name));
  }
}
