package dev.askape.chat;

/// Why an answer failed, with the one plain sentence that people see. `retryable`: asking the same
/// again may work.
public enum ErrorType {
  UNKNOWN_MODEL("This model is not available here.", false),
  UNAUTHORIZED("The server may not use this model. Its operator has to check the key.", false),
  RATE_LIMITED("The model's provider is receiving too many requests. Try again in a moment.", true),
  TIMEOUT("The model took too long to answer.", true),
  UNAVAILABLE("The model cannot be reached right now.", true),
  CONTENT_FILTER("The model's provider refused to answer this message.", false),
  TOO_LARGE("The answer or the conversation became too long for this model.", false),
  BUSY("Too many answers are running right now. Try again in a moment.", true),
  INTERRUPTED("The server stopped before the answer was finished.", true),
  INTERNAL("Something went wrong on the server.", true);

  private final String sentence;
  private final boolean retryable;

  ErrorType(String sentence, boolean retryable) {
    this.sentence = sentence;
    this.retryable = retryable;
  }

  public String sentence() {
    return sentence;
  }

  public boolean retryable() {
    return retryable;
  }
}
