package dev.askape.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What [Environment] and [Flags] have in common: one text for one key, or for a mapping.
final class Given {
  private Given() {}

  /// A single value is taken as it is; for a list or a mapping the text is YAML.
  ///
  /// @param path of a key or a mapping that exists
  static Value.Fields at(
      String origin, List<String> path, String text, Map<String, String> environment) {
    var place = String.join(".", path);
    var variables = new Variables(environment);
    var value =
        isPlain(path)
            ? new Value.Text(variables.putInto(text, origin + ": " + place), text, origin)
            : Yaml.inline(origin, text, place, variables);
    return Value.Fields.wrap(path, value);
  }

  private static boolean isPlain(List<String> path) {
    return Shape.ROOT.find(path).orElseThrow() instanceof Shape.Leaf(var key) && key.type().plain();
  }

  /// The names of the providers in a configuration, right or wrong.
  static List<String> providers(Value.Fields configuration) {
    return List.copyOf(configuration.mapping("providers").keySet());
  }

  /// All paths that can be given one by one.
  static List<String> paths(Value.Fields configuration) {
    var providers = providers(configuration);
    var paths = new ArrayList<String>();
    for (var key : Keys.all()) {
      if (key.path().contains("<name>")) {
        providers.forEach(name -> paths.add(key.path().replace("<name>", name)));
      } else {
        paths.add(key.path().replaceAll("\\[].*", ""));
      }
    }
    return paths;
  }

  static String unknown(String written, Collection<String> known) {
    return Suggestion.of(written, known)
        .map("unknown key; did you mean %s?"::formatted)
        .orElse("unknown key; docs/configuration.md lists all there are");
  }
}
