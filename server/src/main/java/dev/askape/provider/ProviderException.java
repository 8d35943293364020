package dev.askape.provider;

import dev.askape.chat.ErrorType;

/// A provider could not be asked something that is not an answer, such as its list of models. The
/// message is redacted.
public final class ProviderException extends RuntimeException {
  private final ErrorType type;

  public ProviderException(ErrorType type, String message) {
    super(message);
    this.type = type;
  }

  public ErrorType type() {
    return type;
  }
}
