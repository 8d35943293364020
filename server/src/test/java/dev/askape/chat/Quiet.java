package dev.askape.chat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a package from logging the failures that a test is about.
public final class Quiet implements AutoCloseable {
  private final Logger logger;

  public Quiet(String name) {
    logger = (Logger) LoggerFactory.getLogger(name);
    logger.setLevel(Level.OFF);
  }

  @Override
  public void close() {
    logger.setLevel(null);
  }
}
