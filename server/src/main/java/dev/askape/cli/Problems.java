package dev.askape.cli;

import dev.askape.chat.StorageException;
import dev.askape.config.ConfigException;
import dev.askape.config.Setting;
import dev.askape.config.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in one line why something could not be started.
///
/// @param settings those it should have started with, if it has any
record Problems(Optional<Settings> settings) {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  String explain(Throwable problem) {
    LOG.debug("Could not start", problem);
    return causes(problem).stream()
        .map(this::known)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(
            () -> "could not start: %s; --log.level=debug shows more".formatted(describe(problem)))
        .replaceAll("\\s+", " ");
  }

  private static List<Throwable> causes(Throwable problem) {
    var causes = new ArrayList<Throwable>();
    for (var cause = problem; cause != null && !causes.contains(cause); cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  private Optional<String> known(Throwable cause) {
    return switch (cause) {
      case StartupException e -> Optional.of(describe(e));
      case UsageException e -> Optional.of(describe(e));
      case ConfigException e -> Optional.of(describe(e));
      case StorageException e -> Optional.of(storage(e));
      case BindException e -> Optional.of(bind(e));
      // Netty's native transport has an exception of its own.
      case IOException e when describe(e).startsWith("bind(") -> Optional.of(bind(e));
      case UnknownHostException e ->
          Optional.of(
              "%s: no host is known as %s".formatted(origin("server.host"), e.getMessage()));
      case AccessDeniedException e ->
          Optional.of("%s may not be read or written by this user".formatted(e.getFile()));
      case FileSystemException e ->
          Optional.of("%s cannot be used: %s".formatted(e.getFile(), e.getReason()));
      default -> Optional.empty();
    };
  }

  private String storage(StorageException e) {
    var message = describe(e);
    var storage = settings.map(Settings::storage);
    var key = "storage.sqlite.path";
    if (storage.isPresent() && storage.get().mongo().isPresent()) {
      var spool = Path.of(storage.get().spool().path()).getFileName();
      key = message.contains("/" + spool) ? "storage.spool.path" : "storage.mongo.uri";
    }
    return "%s: %s".formatted(origin(key), message);
  }

  private String bind(IOException e) {
    var address =
        settings
            .map(it -> "port %d of %s".formatted(it.server().port(), it.server().host()))
            .orElse("the port");
    var message = describe(e);
    if (message.contains("in use")) {
      return "%s: %s is in use; end what listens there, or choose another with %s"
          .formatted(
              origin("server.port"),
              address,
              settings.isPresent() ? "--server.port=N" : "--port N");
    }
    return message.contains("ermission")
        ? "%s: %s may not be opened by this user; choose one above 1023"
            .formatted(origin("server.port"), address)
        : "%s: this machine has no address %s to listen on"
            .formatted(
                origin("server.host"), settings.map(it -> it.server().host()).orElse("like that"));
  }

  private String origin(String key) {
    return settings.stream()
        .flatMap(it -> it.values().stream())
        .filter(setting -> setting.key().equals(key))
        .map(Setting::origin)
        .findFirst()
        .map(origin -> origin.equals("default") ? key + " (default)" : origin)
        .orElse("--port");
  }

  /// What an exception says of itself.
  static String describe(Throwable problem) {
    var message = problem.getMessage();
    return message == null || message.isBlank() ? problem.getClass().getSimpleName() : message;
  }
}
