package dev.askape.chat;

/// Where a model's words go. Called by one thread at a time; never blocks, never throws.
public interface AnswerSink {
  /// Appends a fragment of the answer, not empty. Halves of a surrogate pair may come in two
  /// fragments.
  ///
  /// @return false when no more is wanted: the call should be ended, its outcome does not matter
  boolean text(String fragment);

  /// Appends a fragment of the reasoning that the model streams apart from its answer, not empty.
  ///
  /// @return false when no more is wanted
  boolean thinking(String fragment);
}
