package dev.askape.config;

/// One key of the configuration: all there is to know of it.
///
/// @param path its dotted path; `<name>` stands for a name that the user chooses, `[]` for the
///   items of a list
/// @param absence what holds if it is not written
/// @param meaning one line for the documentation
record Key<T>(String path, Type<T> type, Absence absence, String meaning) {
  /// What holds if a key is not written.
  sealed interface Absence {
    /// This value, as it would be written.
    record Default(String written) implements Absence {}

    /// Nothing: the value is optional.
    record Unset() implements Absence {}

    /// An error.
    record Refused() implements Absence {}
  }

  /// The value, if it is of the key's type. A secret is never quoted: any text that is not blank is
  /// one.
  ///
  /// @param place the key's path with its names and positions
  T parse(Value value, String place) {
    return type.parser()
        .apply(value)
        .orElseThrow(() ->
            ConfigException.at(
                value.origin(),
                "%s must be %s, not %s"
                    .formatted(place, type.description().replace("`", ""), value.quoted())));
  }
}
