package dev.askape.chat;

/// Asks one language model. Safe for any thread.
public interface LanguageModel {
  /// Asks for an answer and blocks, on the caller's virtual thread, until it is over. What the
  /// model says goes to `sink` as it arrives, on whatever thread reads it, one call at a time, and
  /// never after this method has returned.
  ///
  /// An interrupt cancels: the upstream call is ended at once, then [InterruptedException] is
  /// thrown. Everything else that goes wrong upstream is an [Outcome.Failed], never an exception.
  Outcome answer(Prompt prompt, AnswerSink sink) throws InterruptedException;
}
