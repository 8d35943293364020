package dev.askape.config;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where keys can be: the tree that the paths of [Keys] span. Immutable.
sealed interface Shape {
  /// The whole configuration.
  Group ROOT = group(Keys.all(), 0);

  /// A key.
  record Leaf(Key<?> key) implements Shape {}

  /// A mapping with fixed names.
  record Group(Map<String, Shape> children) implements Shape {
    public Group {
      children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
    }
  }

  /// A mapping whose names the user chooses.
  record Named(Group each) implements Shape {}

  /// A list.
  record Listed(Group each) implements Shape {}

  private static Group group(List<Key<?>> keys, int depth) {
    var children = new LinkedHashMap<String, Shape>();
    keys.stream()
        .collect(groupingBy(key -> segments(key).get(depth), LinkedHashMap::new, toList()))
        .forEach(
            (name, inside) -> children.put(name.replace("[]", ""), child(name, inside, depth + 1)));
    return new Group(children);
  }

  private static Shape child(String name, List<Key<?>> inside, int depth) {
    var first = inside.getFirst();
    if (segments(first).size() == depth) {
      return new Leaf(first);
    }
    if (name.endsWith("[]")) {
      return new Listed(group(inside, depth));
    }
    return segments(first).get(depth).equals("<name>")
        ? new Named(group(inside, depth + 1))
        : group(inside, depth);
  }

  private static List<String> segments(Key<?> key) {
    return List.of(key.path().split("\\."));
  }

  /// The shape of what is at a path of names below this, if there can be anything.
  default Optional<Shape> find(List<String> path) {
    var here = Optional.of(this);
    for (var name : path) {
      here = here.flatMap(shape -> shape.inner(name));
    }
    return here;
  }

  private Optional<Shape> inner(String name) {
    return switch (this) {
      case Group(var children) -> Optional.ofNullable(children.get(name));
      case Named(var each) -> Optional.of(each);
      case Leaf _, Listed _ -> Optional.empty();
    };
  }

  /// Refuses what is no key, or no value for its key.
  ///
  /// @param path where `value` is; empty for the whole configuration
  default void check(Value value, String path) {
    if (value instanceof Value.Nothing) {
      return;
    }
    switch (this) {
      case Leaf(var key) -> key.parse(value, path);
      case Group(var children) -> checkFields(children, value, path);
      case Named(var each) -> checkNamed(each, value, path);
      case Listed(var each) -> checkItems(each, value, path);
    }
  }

  private static void checkFields(Map<String, Shape> children, Value value, String path) {
    var names = String.join(", ", children.keySet());
    mapping(value, path, "the keys " + names)
        .forEach((name, inner) -> {
          var place = join(path, name);
          var child = children.get(name);
          if (child == null) {
            throw unknown(inner.origin(), place, path, children);
          }
          child.check(inner, place);
        });
  }

  private static ConfigException unknown(
      String origin, String place, String path, Map<String, Shape> children) {
    var known = new ArrayList<String>();
    children.keySet().forEach(name -> known.add(join(path, name)));
    Keys.all().forEach(key -> known.add(key.path()));
    var wayOut =
        Suggestion.of(place, known)
            .map("did you mean %s?"::formatted)
            .orElseGet(() -> "the keys here are " + String.join(", ", children.keySet()));
    return ConfigException.at(origin, "unknown key %s; %s".formatted(place, wayOut));
  }

  private static void checkNamed(Group each, Value value, String path) {
    mapping(value, path, "names of your choice")
        .forEach((name, inner) -> {
          if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
            throw ConfigException.at(
                inner.origin(),
                "a name in %s must be 1 to 64 letters, digits, - or _".formatted(path));
          }
          each.check(inner, join(path, name));
        });
  }

  private static void checkItems(Group each, Value value, String path) {
    if (!(value instanceof Value.Items(var items, _))) {
      throw ConfigException.at(
          value.origin(), "%s must be a list, not %s".formatted(path, kind(value)));
    }
    for (var i = 0; i < items.size(); i++) {
      each.check(items.get(i), path + "[" + i + "]");
    }
  }

  private static Map<String, Value> mapping(Value value, String path, String names) {
    if (value instanceof Value.Fields(var fields, _)) {
      return fields;
    }
    throw ConfigException.at(
        value.origin(), "%s must be a mapping with %s, not %s".formatted(path, names, kind(value)));
  }

  /// What was written where no single value belongs is not quoted: it may be a misplaced secret.
  private static String kind(Value value) {
    return value instanceof Value.Text ? "a single value" : value.quoted();
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
