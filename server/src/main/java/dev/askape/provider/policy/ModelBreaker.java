package dev.askape.provider.policy;

import dev.askape.chat.ErrorType;
import dev.askape.provider.Attempt;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops asking a model that fails, and looks now and then whether it is well again.
///
/// A call counts as good with its first word, not with its end, which may be minutes away; one that
/// breaks off after that counts once more, as bad.
final class ModelBreaker {
  private static final Logger LOG = LoggerFactory.getLogger(ModelBreaker.class);
  private static final double SPREAD = 0.2;

  private final String name;
  private final Policy.Breaker policy;
  private final CircuitBreaker breaker;
  private volatile ErrorType lastFailure = ErrorType.UNAVAILABLE;

  ModelBreaker(String name, Policy.Breaker policy, Clock clock) {
    this.name = name;
    this.policy = policy;
    this.breaker = CircuitBreaker.of(name, config(policy, clock));
    breaker
        .getEventPublisher()
        .onStateTransition(
            event -> LOG.warn("{}: breaker {}", name, words(event.getStateTransition())));
  }

  private static CircuitBreakerConfig config(Policy.Breaker policy, Clock clock) {
    var middle = policy.open().plus(policy.open().dividedBy(4));
    return CircuitBreakerConfig.custom()
        .slidingWindowType(SlidingWindowType.TIME_BASED)
        .slidingWindowSize((int) Math.min(policy.window().toSeconds(), 3_600))
        .minimumNumberOfCalls(policy.calls())
        .failureRateThreshold(policy.failurePercent())
        .waitIntervalFunctionInOpenState(IntervalFunction.ofRandomized(middle, SPREAD))
        .permittedNumberOfCallsInHalfOpenState(policy.probes())
        .clock(clock)
        .build();
  }

  private static String words(CircuitBreaker.StateTransition transition) {
    return switch (transition.getToState()) {
      case OPEN, FORCED_OPEN -> "open: it is not asked for a while";
      case HALF_OPEN -> "half open: a few calls are let through";
      case CLOSED -> "closed: it is asked again";
      case DISABLED, METRICS_ONLY -> "off";
    };
  }

  /// Whether the model may be asked now. If so, exactly one of [#spoke], [#ended] and [#cancelled]
  /// is owed first; [#ended] may follow [#spoke].
  boolean allows() {
    return breaker.tryAcquirePermission();
  }

  /// What to tell people while it does not allow.
  ErrorType lastFailure() {
    return lastFailure;
  }

  void spoke(Duration since) {
    breaker.onSuccess(since.toNanos(), TimeUnit.NANOSECONDS);
  }

  void cancelled() {
    breaker.releasePermission();
  }

  /// @param spoken whether [#spoke] was called
  void ended(Attempt attempt, ErrorType type, Duration since, boolean spoken) {
    switch (attempt.trouble()) {
      case NONE -> {
        if (!spoken) {
          spoke(since);
        }
      }
      case PASSING, BROKEN -> {
        lastFailure = type;
        breaker.onError(since.toNanos(), TimeUnit.NANOSECONDS, new Failure(type));
      }
      case KEY -> {
        lastFailure = type;
        breaker.onError(since.toNanos(), TimeUnit.NANOSECONDS, new Failure(type));
        if (breaker.getState() != CircuitBreaker.State.OPEN) {
          LOG.error(
              "{} refuses the key: check it. No requests for {} s",
              name,
              policy.refusedKey().toSeconds());
          breaker.transitionToOpenStateFor(policy.refusedKey());
        }
      }
    }
  }

  /// What the breaker wants to be told of a failure: nothing but that there was one.
  private static final class Failure extends RuntimeException {
    Failure(ErrorType type) {
      super(type.name(), null, false, false);
    }
  }
}
