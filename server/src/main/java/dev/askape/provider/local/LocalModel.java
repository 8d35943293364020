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
      return failed();
    }
    var listened = new Listened(sink, running.get());
    var outcome = ask(running.get(), prompt, listened);
    boolean unreachable =
        outcome instanceof Outcome.Failed failed
            && failed.type() == ErrorType.UNAVAILABLE
            && !listened.heard;
    if (!unreachable || !running.get().isEnding()) {
      return outcome;
    }
    // it had died before it was asked, and that was not noticed yet
    var other = models.awaitOtherThan(running.get());
    return other.isEmpty() ? outcome : ask(other.get(), prompt, new Listened(sink, other.get()));
  }

  private Outcome ask(Running running, Prompt prompt, AnswerSink sink) throws InterruptedException {
    return running.language(id).answer(prompt, sink);
  }

  private Outcome failed() {
    return new Outcome.Failed(ErrorType.UNAVAILABLE, "local: " + models.state().words());
  }

  /// Notes that something was said.
  private static final class Listened implements AnswerSink {
    private final AnswerSink sink;
    private final Running running;
    private volatile boolean heard;

    Listened(AnswerSink sink, Running running) {
      this.sink = sink;
      this.running = running;
    }

    @Override
    public boolean text(String fragment) {
      hear();
      return sink.text(fragment);
    }

    @Override
    public boolean thinking(String fragment) {
      hear();
      return sink.thinking(fragment);
    }

    private void hear() {
      if (!heard) {
        heard = true;
        running.hasSpoken();
      }
    }
  }
}
