package dev.askape.config;

import dev.askape.provider.KeySource;
import dev.askape.provider.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The forms in which a key can be written: `TEXT`, `{file: PATH}`, `{command: [PROGRAM,
/// ARGUMENT]}`.
final class KeySources {
  static final Type<KeySource> TYPE =
      new Type<>(
          "a secret text, `{file: PATH}` or `{command: [PROGRAM, ARGUMENT, …]}`",
          KeySources::parse,
          KeySource::toString,
          true);

  private KeySources() {}

  private static Optional<KeySource> parse(Value value) {
    return switch (value) {
      case Value.Text(var text, _, _) when !text.isBlank() ->
          Optional.of(new KeySource.Given(new Secret(text.strip())));
      case Value.Fields(var fields, _) when fields.size() == 1 -> named(fields);
      default -> Optional.empty();
    };
  }

  private static Optional<KeySource> named(Map<String, Value> fields) {
    if (fields.get("file") instanceof Value.Text(var path, _, _) && !path.isBlank()) {
      return Optional.of(new KeySource.InFile(Path.of(path)));
    }
    return switch (fields.get("command")) {
      case Value.Text(var program, _, _) when !program.isBlank() ->
          Optional.of(new KeySource.FromCommand(List.of(program.strip().split("\\s+"))));
      case Value.Items(var items, _) when !items.isEmpty() -> command(items);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<KeySource> command(List<Value> items) {
    var words = new ArrayList<String>();
    for (var item : items) {
      if (!(item instanceof Value.Text(var word, _, _))) {
        return Optional.empty();
      }
      words.add(word);
    }
    return words.getFirst().isBlank()
        ? Optional.empty()
        : Optional.of(new KeySource.FromCommand(words));
  }
}
