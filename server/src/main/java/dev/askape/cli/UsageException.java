package dev.askape.cli;

/// The arguments cannot be understood; the message is one line.
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String line) {
    super(line);
  }
}
