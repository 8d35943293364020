package dev.askape.provider.http;

import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.provider.Attempt;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A response that is not 200, read as far as allowed.
///
/// @param requestId the server's own name for the request, for its support; may be empty
/// @param retryAfter as the headers say
public record Refusal(int status, String body, String requestId, Optional<Duration> retryAfter) {
  static Refusal of(int status, HttpHeaders headers, String body) {
    var id = headers.get("x-request-id");
    if (id == null) {
      id = headers.get("request-id");
    }
    return new Refusal(status, body, id == null ? "" : id, RetryAfter.of(headers, Instant.now()));
  }

  /// The error in the body, in whatever form it came; a body that is no JSON is its own message.
  ApiError error() {
    return ErrorParser.body(body);
  }

  ErrorType type() {
    return ErrorTypes.of(status, error());
  }

  /// For the log, not yet redacted.
  String cause() {
    var id = requestId.isEmpty() ? "" : " (request " + requestId + ")";
    return "HTTP " + status + id + ": " + error().text();
  }

  /// Not yet redacted.
  Attempt attempt() {
    var error = error();
    var type = ErrorTypes.of(status, error);
    return new Attempt(
        new Outcome.Failed(type, cause()),
        Troubles.of(status, type),
        retryAfter.or(error::retryAfter));
  }

  /// Whether it refuses the request because of a field of that name.
  public boolean names(String field) {
    return (status == 400 || status == 422) && body.contains(field);
  }
}
