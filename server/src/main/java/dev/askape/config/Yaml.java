package dev.askape.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Turns YAML into a [Value]: composed, not constructed, so that every node keeps its line.
/// Variables are put in here, that is after parsing: what one holds is never read as YAML.
final class Yaml {
  /// Aliases can make a small text a huge or endless tree.
  private static final int MAX_NODES = 10_000;

  private static final int MAX_DEPTH = 32;

  private final String source;
  private final boolean lines;
  private final Variables variables;
  private int nodes;

  private Yaml(String source, boolean lines, Variables variables) {
    this.source = source;
    this.lines = lines;
    this.variables = variables;
  }

  /// A whole file. A file with nothing in it is an empty mapping.
  static Value.Fields file(String name, String text, Variables variables) {
    var value = new Yaml(name, true, variables).read(text, "");
    return switch (value) {
      case Value.Fields fields -> fields;
      case Value.Nothing _ -> Value.Fields.none(name);
      case Value.Items _, Value.Text _ ->
          throw ConfigException.at(
              value.origin(), "the file must be a mapping, such as server: {port: 3001}");
    };
  }

  /// The value of one key, given in the environment or by a flag.
  ///
  /// @param path the key's
  static Value inline(String origin, String text, String path, Variables variables) {
    return new Yaml(origin, false, variables).read(text, path);
  }

  private Value read(String text, String path) {
    Optional<Node> root;
    try {
      root = new Compose(LoadSettings.builder().setLabel(source).build()).composeString(text);
    } catch (MarkedYamlEngineException e) {
      throw ConfigException.at(origin(e.getProblemMark()), "not valid YAML: " + problem(e));
    } catch (YamlEngineException _) {
      throw ConfigException.at(
          source, "not valid YAML: it has characters that no YAML has, or too many aliases");
    }
    return root.map(node -> value(node, path, origin(node.getStartMark()), 0))
        .orElseGet(() -> new Value.Nothing(source));
  }

  private static String problem(MarkedYamlEngineException e) {
    var problem = String.valueOf(e.getProblem()).replaceAll("\\s+", " ");
    // Such a message quotes what may be a secret.
    return problem.startsWith("found undefined alias")
        ? "a value that begins with * or & must be quoted"
        : problem;
  }

  private Value value(Node node, String path, String origin, int depth) {
    nodes++;
    if (nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw ConfigException.at(origin, "too large or too deeply nested for a configuration");
    }
    return switch (node) {
      case ScalarNode scalar when scalar.isPlain() && scalar.getTag().equals(Tag.NULL) ->
          new Value.Nothing(origin);
      case ScalarNode scalar -> text(scalar.getValue(), path, origin);
      case SequenceNode sequence -> items(sequence, path, origin, depth);
      case MappingNode mapping -> fields(mapping, path, origin, depth);
      default -> throw ConfigException.at(origin, "not valid YAML: an unexpected alias");
    };
  }

  private Value text(String written, String path, String origin) {
    return new Value.Text(variables.putInto(written, origin + ": " + path), written, origin);
  }

  private Value items(SequenceNode sequence, String path, String origin, int depth) {
    var items = new ArrayList<Value>();
    for (var item : sequence.getValue()) {
      var place = path + "[" + items.size() + "]";
      items.add(value(item, place, origin(item.getStartMark()), depth + 1));
    }
    return new Value.Items(items, origin);
  }

  private Value fields(MappingNode mapping, String path, String origin, int depth) {
    var fields = new LinkedHashMap<String, Value>();
    for (var entry : mapping.getValue()) {
      // A value is where its key is: that is the line a person looks for.
      var here = origin(entry.getKeyNode().getStartMark());
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw ConfigException.at(here, "a key must be a plain name");
      }
      var place = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
      var value = value(entry.getValueNode(), place, here, depth + 1);
      var earlier = fields.putIfAbsent(key.getValue(), value);
      if (earlier != null) {
        throw ConfigException.at(
            here, "%s is there twice (first at %s); keep one".formatted(place, earlier.origin()));
      }
    }
    return new Value.Fields(fields, origin);
  }

  private String origin(Optional<Mark> mark) {
    return lines && mark.isPresent() ? source + ":" + (mark.get().getLine() + 1) : source;
  }
}
