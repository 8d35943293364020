package dev.askape.provider.policy;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A model that is asked again when asking failed for a moment, and left alone when it fails all
/// the time.
final class GuardedModel implements LanguageModel {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedModel.class);

  private final String name;
  private final Upstream upstream;
  private final Policy policy;
  private final ModelBreaker breaker;
  private final Pause pause;
  private final Shared shared;

  /// What all models of a provider have in common.
  record Shared(RetryBudget budget, LongSupplier nanos, Sleeper sleeper) {}

  /// Waits; a test does not.
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  GuardedModel(
      String name,
      Upstream upstream,
      Policy policy,
      ModelBreaker breaker,
      Pause pause,
      Shared shared) {
    this.name = name;
    this.upstream = upstream;
    this.policy = policy;
    this.breaker = breaker;
    this.pause = pause;
    this.shared = shared;
  }

  @Override
  public Outcome answer(Prompt prompt, AnswerSink sink) throws InterruptedException {
    long deadline = shared.nanos().getAsLong() + policy.total().toNanos();
    shared.budget().call();
    for (int tries = 1; ; tries++) {
      if (!breaker.allows()) {
        return new Outcome.Failed(breaker.lastFailure(), name + ": not asked, its breaker is open");
      }
      var call = new Call(sink);
      var attempt = call.make(prompt, deadline);
      var wait = waitAfter(attempt, call, tries, deadline);
      if (wait.isEmpty()) {
        return attempt.outcome();
      }
      LOG.info(
          "{}: try {} failed, next in {} ms: {}",
          name,
          tries,
          wait.get().toMillis(),
          attempt.outcome());
      shared.sleeper().sleep(wait.get());
    }
  }

  /// Empty when this was the last try.
  private Optional<Duration> waitAfter(Attempt attempt, Call call, int tries, long deadline) {
    if (attempt.trouble() != Trouble.PASSING
        || call.spoken
        || tries >= policy.retries().attempts()) {
      return Optional.empty();
    }
    long left = deadline - shared.nanos().getAsLong();
    return pause
        .after(attempt, tries)
        .filter(wait -> wait.toNanos() < left)
        .filter(_ -> shared.budget().tryRetry());
  }

  /// One try, and what it said. The sink is called by one thread at a time, and never after the
  /// attempt has returned.
  private final class Call implements AnswerSink {
    private final AnswerSink sink;
    private long start;
    private volatile boolean spoken;

    Call(AnswerSink sink) {
      this.sink = sink;
    }

    Attempt make(Prompt prompt, long deadline) throws InterruptedException {
      start = shared.nanos().getAsLong();
      boolean ended = false;
      try {
        var attempt = upstream.ask(prompt, this, deadline);
        breaker.ended(attempt, type(attempt), since(), spoken);
        ended = true;
        return attempt;
      } finally {
        if (!ended && !spoken) {
          breaker.cancelled();
        }
      }
    }

    private static ErrorType type(Attempt attempt) {
      return switch (attempt.outcome()) {
        case Outcome.Failed failed -> failed.type();
        case Outcome.Finished _ -> ErrorType.UNAVAILABLE;
      };
    }

    private Duration since() {
      return Duration.ofNanos(shared.nanos().getAsLong() - start);
    }

    private void speak() {
      if (!spoken) {
        spoken = true;
        breaker.spoke(since());
      }
    }

    @Override
    public boolean text(String fragment) {
      speak();
      return sink.text(fragment);
    }

    @Override
    public boolean thinking(String fragment) {
      speak();
      return sink.thinking(fragment);
    }
  }
}
