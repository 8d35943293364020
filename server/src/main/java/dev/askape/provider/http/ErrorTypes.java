package dev.askape.provider.http;

import dev.askape.chat.ErrorType;
import java.util.List;

/// Sorts the errors of all the servers into the few that people are told about.
///
/// First what the words say, because servers disagree about the status: a conversation that is too
/// long is 400 at most of them, a refused content 400 or 403, an unknown model 404 or 400. Then the
/// status. A 404 that does not speak of a model means a wrong base URL: `UNAVAILABLE`.
final class ErrorTypes {
  private static final List<String> TOO_LARGE =
      List.of(
          "context_length_exceeded",
          "context length",
          "context window",
          "context size",
          "exceed_context",
          "prompt is too long",
          "input is too long",
          "too many tokens",
          "exceeds the maximum number of tokens",
          "reduce the length");
  private static final List<String> CONTENT =
      List.of(
          "content_filter",
          "content_policy",
          "content policy",
          "content management policy",
          "moderation",
          "responsibleai");
  private static final List<String> RATE =
      List.of(
          "rate_limit",
          "rate limit",
          "insufficient_quota",
          "resource_exhausted",
          "too many requests",
          "quota exceeded");
  private static final List<String> UNKNOWN =
      List.of(
          "model_not_found",
          "model_not_supported",
          "model not found",
          "unknown model",
          "not a valid model",
          "is not supported by any provider");
  private static final List<String> KEY =
      List.of("invalid_api_key", "authentication_error", "permission_error", "unauthenticated");

  /// Google says 400 to a wrong key.
  private static final List<String> WRONG_KEY = List.of("api key not valid", "api_key_invalid");

  private ErrorTypes() {}

  static ErrorType of(int status, ApiError error) {
    var words = error.words();
    if (status == 413 || (status < 500 && says(words, TOO_LARGE))) {
      return ErrorType.TOO_LARGE;
    }
    if (status < 500 && status != 401 && status != 429 && says(words, CONTENT)) {
      return ErrorType.CONTENT_FILTER;
    }
    if (status < 500 && says(words, UNKNOWN)) {
      return ErrorType.UNKNOWN_MODEL;
    }
    if (status == 400 && says(words, WRONG_KEY)) {
      return ErrorType.UNAUTHORIZED;
    }
    return ofStatus(status, words);
  }

  /// An error in the middle of a stream, which had the status 200; its code may be one.
  static ErrorType inStream(ApiError error) {
    int status = StatusWords.status(error);
    if (status == 0 && says(error.words(), RATE)) {
      return ErrorType.RATE_LIMITED;
    }
    if (status == 0 && says(error.words(), KEY)) {
      return ErrorType.UNAUTHORIZED;
    }
    return of(status, error);
  }

  private static ErrorType ofStatus(int status, String words) {
    return switch (status) {
      case 401, 403 -> ErrorType.UNAUTHORIZED;
      case 402, 429 -> ErrorType.RATE_LIMITED;
      case 404 -> words.contains("model") ? ErrorType.UNKNOWN_MODEL : ErrorType.UNAVAILABLE;
      case 408, 504, 524 -> ErrorType.TIMEOUT;
      default -> ErrorType.UNAVAILABLE;
    };
  }

  private static boolean says(String words, List<String> any) {
    return any.stream().anyMatch(words::contains);
  }
}
