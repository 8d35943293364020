package dev.askape.provider.http;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The HTTP status that an error in the middle of a stream would have had.
final class StatusWords {
  private static final Map<String, Integer> STATUS =
      Map.ofEntries(
          // Anthropic
          entry("invalid_request_error", 400),
          entry("authentication_error", 401),
          entry("billing_error", 402),
          entry("permission_error", 403),
          entry("not_found_error", 404),
          entry("request_too_large", 413),
          entry("rate_limit_error", 429),
          entry("api_error", 500),
          entry("timeout_error", 504),
          entry("overloaded_error", 529),
          // Google
          entry("invalid_argument", 400),
          entry("failed_precondition", 400),
          entry("unauthenticated", 401),
          entry("permission_denied", 403),
          entry("not_found", 404),
          entry("aborted", 409),
          entry("resource_exhausted", 429),
          entry("internal", 500),
          entry("unavailable", 503),
          entry("deadline_exceeded", 504),
          // OpenAI, and what resembles it
          entry("invalid_api_key", 401),
          entry("insufficient_quota", 429),
          entry("rate_limit_exceeded", 429),
          entry("too_many_requests", 429),
          entry("server_error", 500),
          entry("internal_error", 500),
          entry("internal_server_error", 500),
          entry("service_unavailable", 503),
          entry("overloaded", 503));

  private StatusWords() {}

  /// 0 when it does not say.
  static int status(ApiError error) {
    for (var word : List.of(error.code(), error.type())) {
      if (word.matches("[1-5][0-9]{2}")) {
        return Integer.parseInt(word);
      }
      var status = STATUS.get(word.toLowerCase(Locale.ROOT));
      if (status != null) {
        return status;
      }
    }
    return 0;
  }
}
