package dev.askape.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was written, before it is known what it should be: a tree whose every node knows where it
/// was written. Immutable.
sealed interface Value {
  /// Where it was written, such as `askape.yaml:12`.
  String origin();

  /// A single value.
  ///
  /// @param text with its variables put in
  /// @param written as it stands there; the only form that messages may quote, because a variable
  ///   can hold a secret
  record Text(String text, String written, String origin) implements Value {
    @Override
    public String toString() {
      return "text of " + origin;
    }
  }

  /// A list.
  record Items(List<Value> items, String origin) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }

  /// A mapping, in the order it was written.
  record Fields(Map<String, Value> fields, String origin) implements Value {
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    static Fields none(String origin) {
      return new Fields(Map.of(), origin);
    }

    /// `value` as if it had been written under `path`.
    static Fields wrap(List<String> path, Value value) {
      var wrapped = value;
      for (var name : path.reversed()) {
        wrapped = new Fields(Map.of(name, wrapped), value.origin());
      }
      return (Fields) wrapped;
    }

    /// This with `upper` laid over it: mappings are merged key by key, anything else is replaced.
    Fields under(Fields upper) {
      var merged = new LinkedHashMap<>(fields);
      upper.fields.forEach((name, value) -> merged.merge(name, value, Fields::lay));
      return new Fields(merged, upper.origin);
    }

    private static Value lay(Value lower, Value upper) {
      return switch (upper) {
        case Fields above when lower instanceof Fields below -> below.under(above);
        case Nothing _ -> lower;
        case Fields _, Items _, Text _ -> upper;
      };
    }

    /// What is written under a dotted path.
    Optional<Value> find(String path) {
      Value here = this;
      for (var name : path.split("\\.")) {
        if (!(here instanceof Fields(var inner, _)) || !inner.containsKey(name)) {
          return Optional.empty();
        }
        here = inner.get(name);
      }
      return here instanceof Nothing ? Optional.empty() : Optional.of(here);
    }

    /// The mapping under a path; empty if there is none.
    Map<String, Value> mapping(String path) {
      return find(path)
          .map(value -> value instanceof Fields(var inner, _) ? inner : Map.<String, Value>of())
          .orElse(Map.of());
    }

    /// The list under a path; empty if there is none.
    List<Value> list(String path) {
      return find(path)
          .map(value -> value instanceof Items(var items, _) ? items : List.<Value>of())
          .orElse(List.of());
    }
  }

  /// A key with nothing behind it.
  record Nothing(String origin) implements Value {}

  /// How the value may be quoted in a message: on one line, not at length, and of a URL no part
  /// that can hold a password.
  default String quoted() {
    return switch (this) {
      case Text text -> '"' + shortened(text.written().replaceAll("\\s+", " ")) + '"';
      case Items _ -> "a list";
      case Fields _ -> "a mapping";
      case Nothing _ -> "empty";
    };
  }

  private static String shortened(String text) {
    var shown = text.replaceAll("(?<=://)[^/]*@", "…@").replaceAll("(?<=://.{1,200})\\?.*", "?…");
    return shown.length() <= 60 ? shown : shown.substring(0, 60) + "…";
  }
}
