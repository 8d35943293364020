package dev.askape.provider.openai;

/// An error as a server described it, in a body or in the middle of a stream; what it did not say
/// is empty. Not redacted.
///
/// @param code a word such as `context_length_exceeded`, or an HTTP status in digits
/// @param type the class of the error, such as `invalid_request_error`
record ApiError(String message, String code, String type) {
  /// All of it in lower case, for looking for words in it.
  String words() {
    return (code + ' ' + type + ' ' + message).toLowerCase(java.util.Locale.ROOT);
  }

  /// For the log, not yet redacted.
  String text() {
    var named = code.isEmpty() ? type : code;
    return named.isEmpty() ? message : named + ": " + message;
  }
}
