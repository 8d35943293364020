package dev.askape.chat;

import java.util.function.Supplier;

/// A model that may give an answer, and what it would be told.
///
/// @param window tokens of prompt and answer together
/// @param cutByTurn whether the turn's budget, and nothing else, bounds how long its answer may be
/// @param prompt may block
record Candidate(
    Model model, int window, boolean cutByTurn, Supplier<ContextWindow.Framed> prompt) {
  /// Whether another model is to be asked after this one has failed before its first word: where
  /// the failure is this model's or its provider's. What a provider refused for what it says, it
  /// refused for good; our own mistakes would only be repeated.
  boolean mayBeReplaced(ErrorType failure, Candidate other) {
    return switch (failure) {
      case UNKNOWN_MODEL, UNAUTHORIZED, RATE_LIMITED, TIMEOUT, UNAVAILABLE, BUSY -> true;
      case TOO_LARGE -> other.window > window;
      case CONTENT_FILTER, INTERRUPTED, INTERNAL -> false;
    };
  }
}
