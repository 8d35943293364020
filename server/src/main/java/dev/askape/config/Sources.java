package dev.askape.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where a configuration can come from.
///
/// @param directory the working directory, in which `askape.yaml` is looked for
/// @param file the file named on the command line instead
/// @param environment all environment variables
/// @param flags the values of the flags by their names, such as `--server.port`
public record Sources(
    Path directory,
    Optional<Path> file,
    Map<String, String> environment,
    Map<String, String> flags) {}
