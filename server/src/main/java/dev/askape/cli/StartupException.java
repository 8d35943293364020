package dev.askape.cli;

/// Something cannot be started. The message is one line for the person who starts it: what is
/// wrong, where, and the way out.
public final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StartupException(String line) {
    super(line);
  }

  public StartupException(String line, Throwable cause) {
    super(line, cause);
  }
}
