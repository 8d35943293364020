package dev.askape.gateway;

/// Why an event was refused: the `type` of an `error`, and its sentence where nothing more exact
/// can be said.
enum ErrorCode {
  BAD_REQUEST("The request is not valid."),
  UNAUTHENTICATED("Sign in first."),
  FORBIDDEN("This session is not yours, or it does not exist."),
  NOT_FOUND("There is no such message."),
  RATE_LIMITED("Too many requests. Try again in a moment."),
  PAYLOAD_TOO_LARGE("The message is too long."),
  BUSY("Too much is running right now. Try again in a moment."),
  SHUTTING_DOWN("The server is about to restart. Try again in a moment."),
  SAVE_ERROR("The message could not be stored. Send it again."),
  BUDGET_EXCEEDED("This would use more than your budget allows."),
  INTERNAL("Something went wrong on the server.");

  private final String sentence;

  ErrorCode(String sentence) {
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
