package dev.askape.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.askape.config.LogLevel;
import org.slf4j.LoggerFactory;

/// The logging of this process; `logback.xml` has its form.
final class Logs {
  private Logs() {}

  static void setLevel(LogLevel level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("dev.askape").setLevel(Level.valueOf(level.name()));
    }
  }

  /// Writes out what is still in the queue. The last thing a process does.
  static void close() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
