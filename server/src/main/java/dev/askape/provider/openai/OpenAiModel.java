package dev.askape.provider.openai;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;

/// One model of an endpoint. Safe for any thread.
final class OpenAiModel implements LanguageModel {
  private final OpenAiProvider provider;
  private final String id;
  private volatile boolean maxCompletionTokens;

  OpenAiModel(OpenAiProvider provider, String id) {
    this.provider = provider;
    this.id = id;
  }

  @Override
  public Outcome answer(Prompt prompt, AnswerSink sink) throws InterruptedException {
    var turnedAway = provider.enter();
    if (turnedAway.isPresent()) {
      return turnedAway.get();
    }
    try {
      return ask(prompt, sink);
    } finally {
      provider.leave();
    }
  }

  private Outcome ask(Prompt prompt, AnswerSink sink) throws InterruptedException {
    long deadline = System.nanoTime() + provider.settings().timeouts().total().toNanos();
    var form = new RequestForm(provider.streamOptions(), maxCompletionTokens);
    while (true) {
      var end = provider.call(form.write(id, prompt), deadline, sink).await();
      switch (end) {
        case CallEnd.Ended(var outcome) -> {
          return provider.redacted(outcome);
        }
        case CallEnd.Refused(var refusal) -> {
          var next = form.after(refusal);
          if (next.isEmpty()) {
            return provider.redacted(new Outcome.Failed(refusal.type(), refusal.cause()));
          }
          form = next.get();
          remember(form);
        }
        case CallEnd.Cancelled _ -> throw new InterruptedException("cancelled");
      }
    }
  }

  private void remember(RequestForm form) {
    maxCompletionTokens = form.maxCompletionTokens();
    if (!form.streamOptions()) {
      provider.withoutStreamOptions();
    }
  }
}
