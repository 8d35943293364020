package dev.askape.provider;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.Prompt;

/// One model of a provider, asked once: no second try, no breaker, no queue. Safe for any thread.
public interface Upstream {
  /// Asks and blocks, on the caller's virtual thread, until it is over; for the rest as
  /// [dev.askape.chat.LanguageModel#answer].
  ///
  /// @param deadline the latest end, on the clock of [System#nanoTime]
  Attempt ask(Prompt prompt, AnswerSink sink, long deadline) throws InterruptedException;
}
