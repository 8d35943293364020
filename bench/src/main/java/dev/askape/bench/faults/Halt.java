package dev.askape.bench.faults;

import dev.askape.Around;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.IdPattern;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Model;
import dev.askape.chat.Models;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// Ends the process at a point, without any ceremony: no shutdown hook, no flush.
///
/// @param point the only one at which it does
record Halt(Point point) implements Around {
  /// The exit code by which it can be told from other ends.
  static final int CODE = 77;

  private static final long TELLING_NANOS = 4_000_000;

  void at(Point reached) {
    if (reached == point) {
      Runtime.getRuntime().halt(CODE);
    }
  }

  /// Soon, at random, while the caller goes on.
  void soonAt(Point reached) {
    if (reached == point) {
      long nanos = ThreadLocalRandom.current().nextLong(TELLING_NANOS);
      Thread.ofPlatform()
          .start(() -> {
            LockSupport.parkNanos(nanos);
            at(reached);
          });
    }
  }

  @Override
  public ConversationStore store(ConversationStore store) {
    return new HaltingStore(store, this);
  }

  @Override
  public Models models(Models models) {
    return new Models(
        List.of(),
        List.of(
            new Models.Pattern(new IdPattern("*"), id -> halting(models.find(id).orElseThrow()))));
  }

  private Model halting(Model model) {
    LanguageModel asked = model.language();
    return new Model(
        model.id(),
        model.name(),
        model.provider(),
        model.isDefault(),
        model.contextWindow(),
        model.systemPrompt(),
        model.parameters(),
        (prompt, sink) -> asked.answer(prompt, new HaltingSink(sink, this)),
        model.available());
  }
}
