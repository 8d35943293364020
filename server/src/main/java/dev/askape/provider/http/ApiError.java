package dev.askape.provider.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// An error as a server described it, in a body or in the middle of a stream; what it did not say
/// is empty. Not redacted.
///
/// @param code a word such as `context_length_exceeded`, or an HTTP status in digits
/// @param type the class of the error, such as `invalid_request_error`
/// @param retryAfter how long the server wants to be left alone
public record ApiError(String message, String code, String type, Optional<Duration> retryAfter) {
  public ApiError(String message, String code, String type) {
    this(message, code, type, Optional.empty());
  }

  /// What it does not say is what the error around it says.
  ApiError within(ApiError outer) {
    return new ApiError(
        message.isEmpty() ? outer.message : message,
        code.isEmpty() ? outer.code : code,
        type.isEmpty() ? outer.type : type,
        retryAfter.or(outer::retryAfter));
  }

  /// All of it in lower case, for looking for words in it.
  String words() {
    return (code + ' ' + type + ' ' + message).toLowerCase(Locale.ROOT);
  }

  /// For the log, not yet redacted.
  String text() {
    var named = code.isEmpty() ? type : code;
    return named.isEmpty() ? message : named + ": " + message;
  }
}
