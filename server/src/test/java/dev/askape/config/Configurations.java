package dev.askape.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A configuration under test: a folder, an environment and flags that each test fills.
final class Configurations {
  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> flags = new LinkedHashMap<>();
  private Optional<Path> named = Optional.empty();

  Configurations(Path directory) {
    this.directory = directory;
  }

  /// Writes `askape.yaml`.
  Configurations file(String yaml) {
    return file("askape.yaml", yaml);
  }

  Configurations file(String name, String yaml) {
    try {
      Files.writeString(directory.resolve(name), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Configurations named(String name) {
    named = Optional.of(Path.of(name));
    return this;
  }

  Configurations environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Configurations flag(String name, String value) {
    flags.put(name, value);
    return this;
  }

  Settings load() {
    return Settings.load(new Sources(directory, named, environment, flags));
  }

  /// The line with which loading is refused.
  String error() {
    var refused = catchThrowableOfType(ConfigException.class, this::load);
    return refused == null ? "it was accepted" : String.valueOf(refused.getMessage());
  }
}
