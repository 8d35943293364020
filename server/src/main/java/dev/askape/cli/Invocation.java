package dev.askape.cli;

import dev.askape.chat.Party;
import dev.askape.config.Suggestion;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was asked for on the command line.
sealed interface Invocation {
  /// A command that reads the configuration.
  ///
  /// @param flags all that are not the commands' own: those of the configuration
  record Configured(Command command, Optional<Path> file, Map<String, String> flags)
      implements Invocation {}

  /// Copies the embedded store's file.
  record Backup(Configured configured, Path target) implements Invocation {}

  /// Prints what is kept of one identity.
  record Export(Configured configured, Party owner) implements Invocation {}

  /// A command that only needs a port.
  ///
  /// @param key that callers must show, where the command knows one
  record OnPort(Command command, int port, Optional<String> key) implements Invocation {}

  /// A command that only prints.
  record Printing(Command command) implements Invocation {}

  /// Understands the arguments.
  ///
  /// @throws UsageException if they make no sense
  static Invocation parse(List<String> arguments) {
    var words = new ArrayDeque<>(arguments);
    var command = Optional.<Command>empty();
    var operand = Optional.<String>empty();
    var flags = new LinkedHashMap<String, String>();
    while (!words.isEmpty()) {
      var word = words.pop();
      if (word.equals("--help") || word.equals("-h")) {
        return new Printing(Command.HELP);
      }
      if (word.equals("--version")) {
        return new Printing(Command.VERSION);
      }
      if (word.startsWith("--") && word.length() > 2) {
        addFlag(word, words, flags);
      } else if (command.isEmpty()) {
        command = Optional.of(command(word));
      } else if (command.get() == Command.BACKUP && operand.isEmpty()) {
        operand = Optional.of(word);
      } else {
        throw new UsageException(
            "%s is one too many; ./askape --help lists the commands".formatted(word));
      }
    }
    return invocation(command.orElse(Command.SERVE), operand, flags);
  }

  private static Command command(String word) {
    return Command.named(word)
        .orElseThrow(() ->
            new UsageException(
                "unknown command %s; ".formatted(word)
                    + Suggestion.of(word, Command.names())
                        .map("did you mean %s?"::formatted)
                        .orElse("./askape --help lists them")));
  }

  /// Both `--name=value` and `--name value`.
  private static void addFlag(String word, Deque<String> rest, Map<String, String> flags) {
    var equals = word.indexOf('=');
    var name = equals < 0 ? word : word.substring(0, equals);
    if (equals < 0 && (rest.isEmpty() || rest.peek().startsWith("--"))) {
      throw new UsageException("%s needs a value: %s=…".formatted(name, name));
    }
    var value = equals < 0 ? rest.pop() : word.substring(equals + 1);
    if (flags.put(name, value) != null) {
      throw new UsageException("%s is there twice; keep one".formatted(name));
    }
  }

  private static Invocation invocation(
      Command command, Optional<String> operand, Map<String, String> flags) {
    return switch (command) {
      case SERVE, MODELS, CHECK, MIGRATE -> configured(command, flags);
      case BACKUP -> {
        var file =
            operand.orElseThrow(
                () -> new UsageException("backup needs the name of the copy: backup FILE"));
        yield new Backup(configured(command, flags), path(file, "backup"));
      }
      case EXPORT -> {
        var owner = owner(flags);
        yield new Export(configured(command, flags), owner);
      }
      case FAKE_PROVIDER, CONFORMANCE -> onPort(command, flags);
      case VERSION, HELP, CONFIGURATION_PAGE -> {
        flags.keySet().forEach(flag -> refuse(flag, command, List.of()));
        yield new Printing(command);
      }
    };
  }

  private static Party owner(Map<String, String> flags) {
    var user = Optional.ofNullable(flags.remove("--user"));
    var guest = Optional.ofNullable(flags.remove("--guest"));
    if (user.isPresent() == guest.isPresent()) {
      throw new UsageException("export needs either --user ID or --guest ID");
    }
    return user.<Party>map(Party.User::new).orElseGet(() -> new Party.Guest(guest.orElseThrow()));
  }

  private static Configured configured(Command command, Map<String, String> flags) {
    var file = Optional.ofNullable(flags.remove("--config"));
    return new Configured(command, file.map(name -> path(name, "--config")), flags);
  }

  private static Path path(String file, String place) {
    try {
      return Path.of(file);
    } catch (InvalidPathException _) {
      throw new UsageException(place + ": not the name of a file");
    }
  }

  private static Invocation onPort(Command command, Map<String, String> flags) {
    var known = command == Command.FAKE_PROVIDER ? List.of("--port", "--key") : List.of("--port");
    var port = flags.remove("--port");
    var key =
        known.contains("--key")
            ? Optional.ofNullable(flags.remove("--key"))
            : Optional.<String>empty();
    flags.keySet().forEach(flag -> refuse(flag, command, known));
    if (port == null) {
      throw new UsageException("%s needs --port N".formatted(command.word()));
    }
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new UsageException("--port must be a whole number from 0 to 65535, not " + port);
    }
    return new OnPort(command, Integer.parseInt(port), key);
  }

  private static void refuse(String flag, Command command, List<String> known) {
    throw new UsageException(
        "%s takes no %s; ".formatted(command.word(), flag)
            + Suggestion.of(flag, known)
                .map("did you mean %s?"::formatted)
                .orElse("./askape --help shows what it takes"));
  }
}
