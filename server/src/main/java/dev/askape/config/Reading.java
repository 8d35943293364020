package dev.askape.config;

import dev.askape.config.Key.Absence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes the values of keys out of the checked and merged configuration, and remembers each with
/// its origin. A reading is of the whole, of one provider, or of one model. For one thread.
final class Reading {
  private final Value.Fields fields;
  private final String section;
  private final String place;
  private final List<Setting> taken;

  private Reading(Value.Fields fields, String section, String place, List<Setting> taken) {
    this.fields = fields;
    this.section = section;
    this.place = place;
    this.taken = taken;
  }

  static Reading of(Value.Fields configuration) {
    return new Reading(configuration, "", "", new ArrayList<>());
  }

  /// The value of a key that has a default or must be written.
  <T> T get(Key<T> key) {
    var written = find(key);
    if (written.isPresent()) {
      return written.get();
    }
    return switch (key.absence()) {
      case Absence.Default(var text) -> take(key, fallback(key, text));
      case Absence.Refused _ -> throw missing(key);
      case Absence.Unset _ -> throw new IllegalArgumentException(key.path() + " is optional");
    };
  }

  /// What is wrong when a key is not written that has to be.
  ConfigException missing(Key<?> key) {
    return ConfigException.at(
        fields.origin(),
        "%s needs %s (%s); add it"
            .formatted(place, nameOf(key), key.type().description().replace("`", "")));
  }

  /// The value of a key, if it is written.
  <T> Optional<T> find(Key<T> key) {
    return fields.find(nameOf(key)).map(value -> take(key, value));
  }

  private <T> T take(Key<T> key, Value value) {
    var path = Shape.join(place, nameOf(key));
    var parsed = key.parse(value, path);
    taken.add(new Setting(path, key.type().printer().apply(parsed), value.origin()));
    return parsed;
  }

  private static Value fallback(Key<?> key, String text) {
    return key.type().plain()
        ? new Value.Text(text, text, "default")
        : Yaml.inline("default", text, key.path(), new Variables(Map.of()));
  }

  private String nameOf(Key<?> key) {
    return section.isEmpty() ? key.path() : key.path().substring(section.length() + 1);
  }

  /// Readings of what is under the names in a mapping.
  Map<String, Reading> named(String path) {
    var readings = new LinkedHashMap<String, Reading>();
    fields
        .mapping(path)
        .forEach((name, value) ->
            readings.put(name, inner(value, path + ".<name>", Shape.join(path, name))));
    return readings;
  }

  /// Readings of the items of a list.
  List<Reading> listed(String path) {
    var readings = new ArrayList<Reading>();
    for (var item : fields.list(path)) {
      readings.add(inner(item, path + "[]", path + "[" + readings.size() + "]"));
    }
    return readings;
  }

  private Reading inner(Value value, String section, String place) {
    var inside = value instanceof Value.Fields inner ? inner : Value.Fields.none(value.origin());
    return new Reading(inside, section, place, taken);
  }

  /// What was taken so far, in that order.
  List<Setting> taken() {
    return List.copyOf(taken);
  }
}
