package dev.askape.provider.policy;

import dev.askape.chat.LanguageModel;
import dev.askape.provider.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/// What the models of one provider share: how many calls run at once, and how many second tries
/// they have.
public final class ProviderPolicy {
  private final String provider;
  private final Clock clock;
  private final Bulkhead places;
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
    this.places = new Bulkhead(concurrency);
    this.shared = new GuardedModel.Shared(new RetryBudget(budget, nanos), nanos, sleeper);
  }

  /// A model with a breaker of its own: to be made once for a model, not for each question.
  ///
  /// @param id what the provider calls the model, for the log
  /// @param own places for this model's calls, besides those of the provider
  public LanguageModel guard(
      String id, Upstream upstream, Policy policy, Optional<Policy.Concurrency> own) {
    var name = provider + " " + id;
    var guarded =
        new GuardedModel(
            name,
            upstream,
            policy,
            new ModelBreaker(name, policy.breaker(), clock),
            new Pause(policy.retries(), () -> ThreadLocalRandom.current().nextDouble()),
            shared);
    var placed = new Placed(name, guarded, places);
    return own.map(few -> new Placed(name, placed, new Bulkhead(few))).orElse(placed);
  }

  /// A model that is only bounded by the provider's places: no second try, no breaker.
  ///
  /// @param total from the question to the end, without the wait for a place
  public LanguageModel once(String id, Upstream upstream, Duration total) {
    return new Placed(
        provider + " " + id,
        (prompt, sink) ->
            upstream.ask(prompt, sink, shared.nanos().getAsLong() + total.toNanos()).outcome(),
        places);
  }
}
