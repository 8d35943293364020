package dev.askape.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which AskApe this is.
///
/// @param version as in the project's build file
/// @param build of exactly which sources; `dev` if they were not built by the launcher
public record Version(String version, String build) {
  private static final String RESOURCE = "version.properties";

  public static Version read() {
    var properties = new Properties();
    try (var resource = Version.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      properties.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Version(properties.getProperty("version"), properties.getProperty("build"));
  }

  String line() {
    return "AskApe %s (build %s, Java %s)".formatted(version, build, Runtime.version());
  }
}
