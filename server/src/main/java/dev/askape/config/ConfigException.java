package dev.askape.config;

/// The configuration cannot be used. The message is one line for the person who wrote it: the
/// place, what is wrong there, and the way out.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigException(String line) {
    super(line);
  }

  /// @param origin where the value came from, such as `askape.yaml:12`
  static ConfigException at(String origin, String problem) {
    return new ConfigException(origin + ": " + problem);
  }
}
