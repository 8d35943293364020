package dev.askape.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The configuration in flags: `--` and the path of a key, or of a mapping, whose value is YAML.
///
/// @param flags the values by the flags' names, with their `--`
/// @param environment what variables in the values stand for
record Flags(Map<String, String> flags, Map<String, String> environment) {
  /// @param lower what file and environment say: their names of providers are known here
  Value.Fields read(Value.Fields lower) {
    var read = Value.Fields.none("flags");
    // In alphabetical order a mapping comes before the keys in it, which then win.
    for (var flag : new TreeMap<>(flags).entrySet()) {
      var name = flag.getKey();
      var path = List.of(name.substring("--".length()).split("\\."));
      if (Shape.ROOT.find(path).isEmpty()) {
        throw unknown(name, lower);
      }
      read = read.under(Given.at(name, path, flag.getValue(), environment));
    }
    return read;
  }

  private static ConfigException unknown(String flag, Value.Fields lower) {
    var known = Given.paths(lower).stream().map("--"::concat).toList();
    return ConfigException.at(flag, Given.unknown(flag, known));
  }
}
