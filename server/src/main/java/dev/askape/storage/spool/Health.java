package dev.askape.storage.spool;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the primary store is worth asking. A failure costs its caller nothing, so it takes a few
/// to give the store up; a call without an answer has cost a user his patience, so one is enough.
/// Only what repeats the spool finds out that it is back: no user is sent to try. Safe for any
/// thread.
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final int WINDOW = 10;
  private static final int FEWEST_CALLS = 3;
  private static final Duration UNTIL_TOLD = Duration.ofDays(36_500);

  private final String name;
  private final CircuitBreaker breaker;

  Health(String name) {
    this.name = name;
    var config =
        CircuitBreakerConfig.custom()
            .slidingWindow(WINDOW, FEWEST_CALLS, SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(50)
            .waitDurationInOpenState(UNTIL_TOLD)
            .build();
    breaker = CircuitBreaker.of("primary store", config);
    breaker
        .getEventPublisher()
        .onStateTransition(event -> log(event.getStateTransition().getToState()));
  }

  private void log(State state) {
    switch (state) {
      case OPEN ->
          LOG.warn("{} is away: what it would get is kept in the spool until it is back", name);
      case CLOSED -> LOG.info("{} is back", name);
      default -> LOG.debug("{}: {}", name, state);
    }
  }

  boolean isGood() {
    return breaker.getState() == State.CLOSED;
  }

  void succeeded(long nanos) {
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  void failed(long nanos, Throwable cause) {
    breaker.onError(nanos, TimeUnit.NANOSECONDS, cause);
  }

  synchronized void giveUp() {
    if (isGood()) {
      breaker.transitionToOpenState();
    }
  }

  synchronized void recover() {
    if (!isGood()) {
      breaker.transitionToClosedState();
    }
  }
}
