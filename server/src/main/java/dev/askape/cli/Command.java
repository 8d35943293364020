package dev.askape.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The commands, in the order in which `--help` lists them.
enum Command {
  SERVE("starts the server (also without any command)"),
  MODELS("lists the models the server would offer"),
  CHECK(
      "prints every value of the configuration with where it came from, and tries the providers and the store"),
  BACKUP("copies the embedded store's file, also while the server runs: backup FILE"),
  EXPORT(
      "prints what is kept of one identity, as JSON Lines: export --user ID or export --guest ID"),
  MIGRATE("copies the conversations of the embedded store to MongoDB; may be repeated"),
  VERSION("prints the version and the build"),
  FAKE_PROVIDER("starts a stand-in for the providers: fake-provider --port N [--key KEY]"),
  CONFORMANCE("starts what the official Socket.IO suites talk to: conformance --port N"),
  HELP("prints this"),
  /// For who changes the keys; not listed.
  CONFIGURATION_PAGE("");

  private final String purpose;

  Command(String purpose) {
    this.purpose = purpose;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Command> named(String word) {
    return Arrays.stream(values()).filter(command -> command.word().equals(word)).findFirst();
  }

  static List<String> names() {
    return listed().map(Command::word).toList();
  }

  private static java.util.stream.Stream<Command> listed() {
    return Arrays.stream(values()).filter(command -> !command.purpose.isEmpty());
  }

  static String help() {
    var help =
        new StringBuilder(
            """
            AskApe: one message, several language models, their answers side by side.

            ./askape [command] [--config FILE] [--key=value …]

            """);
    listed()
        .forEach(command -> help.append("  %-14s %s%n".formatted(command.word(), command.purpose)));
    return help.append(
            "  %-14s %s%n".formatted("test", "builds everything and runs all checks and tests"))
        .append(
            """

            Every key of docs/configuration.md is a flag (--server.port=4000), an environment variable
            (ASKAPE_SERVER_PORT=4000) and a line of askape.yaml. The command test is the launcher's.
            """)
        .toString();
  }
}
