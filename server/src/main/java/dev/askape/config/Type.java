package dev.askape.config;

import dev.askape.provider.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What the value of a key may be.
///
/// @param description completes "must be …", and is the type column of the documentation
/// @param parser empty if the value is not of this type
/// @param printer the value as it would be written, a secret hidden
/// @param plain whether it is a single value, which the environment and flags give as it is; else
///   they give YAML
record Type<T>(
    String description,
    Function<Value, Optional<T>> parser,
    Function<T, String> printer,
    boolean plain) {

  /// A type of single values. Which of YAML's own types a value looks like does not matter: `name:
  /// 4711` is a name, `port: "3001"` a port.
  static <T> Type<T> of(
      String description, Function<String, Optional<T>> parser, Function<T, String> printer) {
    return new Type<>(
        description,
        value -> value instanceof Value.Text text ? parser.apply(text.text()) : Optional.empty(),
        printer,
        true);
  }

  static Type<String> text() {
    return text("a text", _ -> true);
  }

  /// A text that is not blank and that `valid` accepts.
  static Type<String> text(String description, Predicate<String> valid) {
    return of(
        description,
        text -> Optional.of(text).filter(it -> !it.isBlank() && valid.test(it)),
        Function.identity());
  }

  static Type<Secret> secret() {
    return of(
        "a secret text",
        text -> Optional.of(text).filter(it -> !it.isBlank()).map(Secret::new),
        Secret::toString);
  }

  static Type<Boolean> flag() {
    return of(
        "true or false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        String::valueOf);
  }

  static Type<Integer> whole(int min, int max) {
    return of(
        "a whole number from %d to %d".formatted(min, max),
        text -> Units.whole(text).filter(n -> n >= min && n <= max).map(Math::toIntExact),
        String::valueOf);
  }

  static Type<Double> decimal(double min, double max) {
    return of(
        "a number from %s to %s".formatted(min, max),
        text -> Units.decimal(text).filter(n -> n >= min && n <= max),
        String::valueOf);
  }

  /// One of the names of an enum, in lower case.
  static <E extends Enum<E>> Type<E> oneOf(Class<E> choices) {
    var names =
        Arrays.stream(choices.getEnumConstants())
            .map(Type::lowerName)
            .collect(Collectors.joining(" | "));
    return of(
        "`" + names + "`",
        text ->
            Arrays.stream(choices.getEnumConstants())
                .filter(choice -> lowerName(choice).equals(text))
                .findFirst(),
        Type::lowerName);
  }

  private static String lowerName(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /// A list of values of one type, named in the plural by `description`.
  static <T> Type<List<T>> listOf(String description, Type<T> each) {
    return new Type<>(
        "a list of " + description,
        value -> value instanceof Value.Items(var items, _) ? all(items, each) : Optional.empty(),
        list -> list.stream().map(each.printer).collect(Collectors.joining(", ", "[", "]")),
        false);
  }

  private static <T> Optional<List<T>> all(List<Value> items, Type<T> each) {
    var parsed = new ArrayList<T>();
    for (var item : items) {
      var value = each.parser.apply(item);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      parsed.add(value.get());
    }
    return Optional.of(List.copyOf(parsed));
  }
}
