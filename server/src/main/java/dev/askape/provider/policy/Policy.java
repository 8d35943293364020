package dev.askape.provider.policy;

import java.time.Duration;

/// What is done when a model's provider fails.
///
/// @param total from the first try to the end of the last, waits between them included; the wait
///   for a free place is not
public record Policy(Retries retries, Breaker breaker, Duration total) {
  public static final Policy DEFAULTS =
      new Policy(Retries.DEFAULTS, Breaker.DEFAULTS, Duration.ofMinutes(5));

  /// Second tries, before the first word only. The pause is any length up to `firstPause`, doubled
  /// with each try up to `longestPause`, so that clients that failed together do not come back
  /// together.
  ///
  /// @param attempts all of them, the first included
  /// @param longestWait a provider that asks to be left alone for longer is not asked again
  public record Retries(
      int attempts, Duration firstPause, Duration longestPause, Duration longestWait) {
    public static final Retries DEFAULTS =
        new Retries(3, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(20));

    public Retries {
      check(attempts >= 1, "at least one attempt");
      check(!firstPause.isNegative() && !longestPause.isNegative(), "no negative pause");
    }
  }

  /// When a model is not asked for a while.
  ///
  /// @param calls of the last `window` that there must be before anything is concluded
  /// @param failurePercent of these that failed
  /// @param open how long it is not asked then; up to half as long again, by chance
  /// @param probes calls that are let through after that, to see
  /// @param refusedKey how long it is not asked after it refused the key
  public record Breaker(
      int calls,
      int failurePercent,
      Duration window,
      Duration open,
      int probes,
      Duration refusedKey) {
    public static final Breaker DEFAULTS =
        new Breaker(
            20, 50, Duration.ofSeconds(30), Duration.ofSeconds(10), 2, Duration.ofSeconds(60));

    public Breaker {
      check(calls >= 1 && probes >= 1, "at least one call");
      check(failurePercent >= 1 && failurePercent <= 100, "1 to 100 percent");
      check(window.toSeconds() >= 1, "a window of a second or more");
      check(open.isPositive() && refusedKey.isPositive(), "more than no time");
    }
  }

  /// How many calls of a provider run at once.
  ///
  /// @param calls that run
  /// @param queue that may wait for one of these; more are turned away at once
  /// @param maxWait how long one waits before it is turned away
  public record Concurrency(int calls, int queue, Duration maxWait) {
    public static final Concurrency DEFAULTS =
        new Concurrency(1_000, 1_000, Duration.ofSeconds(10));

    public Concurrency {
      check(calls >= 1 && queue >= 0 && !maxWait.isNegative(), "room for a call");
    }
  }

  /// How many second tries a provider's models have together: a share of its calls of the last
  /// [RetryBudget#WINDOW], and never fewer than [RetryBudget#LEAST].
  public record Budget(int percent) {
    public static final Budget DEFAULTS = new Budget(10);

    public Budget {
      check(percent >= 0 && percent <= 100, "0 to 100 percent");
    }
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
