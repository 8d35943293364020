package dev.askape.storage.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the primary store is worth asking. A failure costs its caller nothing, so it takes a few
/// to give the store up; a call without an answer has cost a user his patience, so one is enough.
/// Only what repeats the spool finds out that it is back: no user is sent to try. A store that
/// fails again soon after it was back is believed later each time, so that one that comes and goes
/// does not cost a user his patience each time it goes. Safe for any thread.
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final int WINDOW = 10;
  private static final int FEWEST_CALLS = 3;
  private static final Duration UNTIL_TOLD = Duration.ofDays(36_500);

  /// What held for so long was no coming and going.
  private static final long STEADY_NANOS = Duration.ofMinutes(1).toNanos();

  private final String name;
  private final SpoolSettings settings;
  private final LongSupplier nanoTime;
  private final CircuitBreaker breaker;

  @GuardedBy("this")
  private long doubt;

  @GuardedBy("this")
  private long backAt;

  @GuardedBy("this")
  private long awayAt;

  Health(String name, SpoolSettings settings) {
    this(name, settings, System::nanoTime);
  }

  Health(String name, SpoolSettings settings, LongSupplier nanoTime) {
    this.name = name;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.backAt = nanoTime.getAsLong() - STEADY_NANOS;
    var config =
        CircuitBreakerConfig.custom()
            .slidingWindow(WINDOW, FEWEST_CALLS, SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(50)
            .waitDurationInOpenState(UNTIL_TOLD)
            .build();
    breaker = CircuitBreaker.of("primary store", config);
    breaker
        .getEventPublisher()
        .onStateTransition(event -> changed(event.getStateTransition().getToState()));
  }

  private void changed(State state) {
    log(state);
    if (state == State.OPEN) {
      doubtMore();
    }
  }

  private synchronized void doubtMore() {
    awayAt = nanoTime.getAsLong();
    doubt =
        awayAt - backAt >= STEADY_NANOS
            ? 0
            : Math.clamp(
                2 * doubt, settings.firstDoubt().toNanos(), settings.lastDoubt().toNanos());
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

  /// It answers, and is worth asking again if that can be believed.
  synchronized void recover() {
    if (!isGood() && nanoTime.getAsLong() - awayAt >= doubt) {
      backAt = nanoTime.getAsLong();
      breaker.transitionToClosedState();
    }
  }
}
