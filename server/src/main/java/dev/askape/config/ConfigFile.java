package dev.askape.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The configuration file: the one named by `--config`, else by `ASKAPE_CONFIG`, else `askape.yaml`
/// in the working directory if there is one.
final class ConfigFile {
  private static final String USUAL = "askape.yaml";
  private static final int MAX_BYTES = 1_000_000;

  private ConfigFile() {}

  static Value.Fields read(Sources sources) {
    var named = sources.file().map(path -> new Named(path, "--config"));
    var inEnvironment =
        Optional.ofNullable(sources.environment().get("ASKAPE_CONFIG"))
            .filter(path -> !path.isEmpty())
            .map(path -> new Named(Path.of(path), "environment ASKAPE_CONFIG"));
    var chosen = named.or(() -> inEnvironment);
    if (chosen.isEmpty()) {
      return Files.exists(sources.directory().resolve(USUAL))
          ? read(Path.of(USUAL), sources)
          : Value.Fields.none(USUAL);
    }
    var path = chosen.get().path;
    if (!Files.exists(sources.directory().resolve(path))) {
      throw ConfigException.at(chosen.get().by, "there is no file " + path);
    }
    return read(path, sources);
  }

  private record Named(Path path, String by) {}

  private static Value.Fields read(Path path, Sources sources) {
    var name = path.toString();
    var file = sources.directory().resolve(path);
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw ConfigException.at(name, "larger than a configuration can be (1 MB)");
      }
      return Yaml.file(name, Files.readString(file), new Variables(sources.environment()));
    } catch (CharacterCodingException _) {
      throw ConfigException.at(name, "not UTF-8; save it in that encoding");
    } catch (IOException _) {
      throw ConfigException.at(name, "cannot be read; is it a file that you may read?");
    }
  }
}
