package dev.askape.provider.local;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;

/// One of the local models, whichever process it is in at the moment. Safe for any thread.
final class LocalModel implements LanguageModel {
  private final LocalModels models;
  private final String id;

  LocalModel(LocalModels models, String id) {
    this.models = models;
    this.id = id;
  }

  @Override
  public Outcome answer(Prompt prompt, AnswerSink sink) throws InterruptedException {
    var running = models.awaitRunning();
    if (running.isEmpty()) {
      return new Outcome.Failed(ErrorType.UNAVAILABLE, "local: " + models.state().words());
    }
    return running.get().provider().model(id).answer(prompt, new Listened(sink, running.get()));
  }

  /// Notes that something was said.
  private record Listened(AnswerSink sink, Running running) implements AnswerSink {
    @Override
    public boolean text(String fragment) {
      running.hasSpoken();
      return sink.text(fragment);
    }

    @Override
    public boolean thinking(String fragment) {
      running.hasSpoken();
      return sink.thinking(fragment);
    }
  }
}
