package dev.askape.provider.policy;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;

/// A model that is asked only from one of a few places.
record Placed(String name, LanguageModel model, Bulkhead places) implements LanguageModel {
  @Override
  public Outcome answer(Prompt prompt, AnswerSink sink) throws InterruptedException {
    if (!places.enter()) {
      return new Outcome.Failed(ErrorType.BUSY, name + ": " + places);
    }
    try {
      return model.answer(prompt, sink);
    } finally {
      places.leave();
    }
  }
}
