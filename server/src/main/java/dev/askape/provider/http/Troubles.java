package dev.askape.provider.http;

import dev.askape.chat.ErrorType;
import dev.askape.provider.Attempt.Trouble;

/// What an error says about the provider.
///
/// It is the status that counts, but not where the words show that it means something else: a 403
/// may be for what was asked, and then says nothing about the key; a 400 may be for the key.
final class Troubles {
  private Troubles() {}

  static Trouble of(int status, ErrorType type) {
    if (status < 500 && isForWhatWasAsked(type)) {
      return Trouble.NONE;
    }
    if (status < 500 && type == ErrorType.UNAUTHORIZED) {
      return Trouble.KEY;
    }
    return switch (status) {
      case 408, 409, 425, 429 -> Trouble.PASSING;
      default -> ofClass(status);
    };
  }

  private static Trouble ofClass(int status) {
    if (status >= 500) {
      return Trouble.PASSING;
    }
    return status >= 400 ? Trouble.NONE : Trouble.BROKEN;
  }

  /// In the middle of a stream; an error that does not say what it is is taken for a 500.
  static Trouble inStream(ApiError error, ErrorType type) {
    int status = StatusWords.status(error);
    if (status != 0) {
      return of(status, type);
    }
    if (isForWhatWasAsked(type)) {
      return Trouble.NONE;
    }
    return type == ErrorType.UNAUTHORIZED ? Trouble.KEY : Trouble.PASSING;
  }

  private static boolean isForWhatWasAsked(ErrorType type) {
    return switch (type) {
      case UNKNOWN_MODEL, CONTENT_FILTER, TOO_LARGE -> true;
      case UNAUTHORIZED, RATE_LIMITED, TIMEOUT, UNAVAILABLE, BUSY, INTERRUPTED, INTERNAL -> false;
    };
  }
}
