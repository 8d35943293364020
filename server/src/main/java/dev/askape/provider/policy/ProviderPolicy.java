package dev.askape.provider.policy;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.provider.Upstream;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/// What the models of one provider share: how many calls run at once, and how many second tries
/// they have.
public final class ProviderPolicy {
  private final String provider;
  private final Clock clock;
  private final GuardedModel.Shared shared;

  /// @param provider its configured name, for the log
  public ProviderPolicy(String provider, Policy.Concurrency concurrency, Policy.Budget budget) {
    this(provider, concurrency, budget, Clock.systemUTC(), System::nanoTime, Thread::sleep);
  }

  /// @param nanos the clock that deadlines are on
  ProviderPolicy(
      String provider,
      Policy.Concurrency concurrency,
      Policy.Budget budget,
      Clock clock,
      LongSupplier nanos,
      GuardedModel.Sleeper sleeper) {
    this.provider = provider;
    this.clock = clock;
    this.shared =
        new GuardedModel.Shared(
            new Bulkhead(concurrency), new RetryBudget(budget, nanos), nanos, sleeper);
  }

  /// A model with a breaker of its own: to be made once for a model, not for each question.
  ///
  /// @param id what the provider calls the model, for the log
  /// @param own places for this model's calls, besides those of the provider
  public LanguageModel guard(
      String id, Upstream upstream, Policy policy, Optional<Policy.Concurrency> own) {
    var name = provider + " " + id;
    var model =
        new GuardedModel(
            name,
            upstream,
            policy,
            new ModelBreaker(name, policy.breaker(), clock),
            new Pause(policy.retries(), () -> ThreadLocalRandom.current().nextDouble()),
            shared);
    return own.<LanguageModel>map(places -> new Narrow(name, model, new Bulkhead(places)))
        .orElse(model);
  }

  /// A model with places of its own.
  private record Narrow(String name, LanguageModel model, Bulkhead places)
      implements LanguageModel {
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
}
