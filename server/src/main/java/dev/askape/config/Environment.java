package dev.askape.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The configuration in environment variables: `ASKAPE_` and the path of a key in capitals, with
/// `_` for `.` and `-`. Also a mapping as a whole can be given so (`ASKAPE_PROVIDERS`), as YAML. An
/// empty variable counts as one that is not set.
record Environment(Map<String, String> variables) {
  private static final String PREFIX = "ASKAPE_";
  private static final String MONGODB_URI = "MONGODB_URI";

  /// Names that are not keys: where the file is, and what the launcher reads.
  private static final Set<String> OTHERS = Set.of("ASKAPE_CONFIG", "ASKAPE_JAVA_OPTS");

  /// What variables of other names say. They count less than the file, which is AskApe's own.
  static Value.Fields wellKnown(Map<String, String> variables) {
    var uri = variables.getOrDefault(MONGODB_URI, "");
    var origin = "environment " + MONGODB_URI;
    return uri.isBlank()
        ? Value.Fields.none(origin)
        : Value.Fields.wrap(List.of("storage", "mongo", "uri"), new Value.Text(uri, uri, origin));
  }

  /// @param file what the file says: its names of providers are known here
  Value.Fields read(Value.Fields file) {
    var read = Value.Fields.none("environment");
    // In alphabetical order a mapping comes before the keys in it, which then win.
    for (var variable : new TreeMap<>(variables).entrySet()) {
      var name = variable.getKey();
      if (!name.startsWith(PREFIX) || OTHERS.contains(name)) {
        continue;
      }
      var providers = Given.providers(file.under(read));
      var path =
          path(Shape.ROOT, name.substring(PREFIX.length()), providers)
              .orElseThrow(() -> unknown(name, file));
      if (!variable.getValue().isEmpty()) {
        read = read.under(Given.at("environment " + name, path, variable.getValue(), variables));
      }
    }
    return read;
  }

  /// The path that `rest` of a variable's name stands for, below `shape`.
  private static Optional<List<String>> path(Shape shape, String rest, List<String> providers) {
    return switch (shape) {
      case Shape.Leaf _, Shape.Listed _ -> Optional.empty();
      case Shape.Group(var children) ->
          children.entrySet().stream()
              .flatMap(child -> child(child.getKey(), child.getValue(), rest, providers).stream())
              .findFirst();
      case Shape.Named(var each) -> named(each, rest, providers);
    };
  }

  private static Optional<List<String>> child(
      String name, Shape shape, String rest, List<String> providers) {
    var written = capitals(name);
    if (rest.equals(written)) {
      return Optional.of(List.of(name));
    }
    return rest.startsWith(written + "_")
        ? path(shape, rest.substring(written.length() + 1), providers).map(below(name))
        : Optional.empty();
  }

  /// A name can itself have `_` in it; the first cut that leaves a key behind it is taken.
  private static Optional<List<String>> named(Shape each, String rest, List<String> providers) {
    for (var cut = rest.indexOf('_'); cut > 0; cut = rest.indexOf('_', cut + 1)) {
      var name = knownName(rest.substring(0, cut), providers);
      var path = path(each, rest.substring(cut + 1), providers).map(below(name));
      if (path.isPresent()) {
        return path;
      }
    }
    return Optional.empty();
  }

  private static String knownName(String written, List<String> providers) {
    return providers.stream()
        .filter(name -> capitals(name).equals(written))
        .findFirst()
        .orElseGet(() -> written.toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static UnaryOperator<List<String>> below(String name) {
    return path -> {
      var whole = new ArrayList<>(path);
      whole.addFirst(name);
      return whole;
    };
  }

  private static String capitals(String path) {
    return path.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private static ConfigException unknown(String name, Value.Fields file) {
    var known = Given.paths(file).stream().map(path -> PREFIX + capitals(path)).toList();
    return ConfigException.at("environment " + name, Given.unknown(name, known));
  }
}
