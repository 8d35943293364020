package dev.askape.provider.policy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Second tries that the models of one provider share, so that a provider in trouble gets a little
/// more load, not three times as much. Counts in buckets of a second.
final class RetryBudget {
  /// What counts as recent.
  static final Duration WINDOW = Duration.ofSeconds(30);

  /// Second tries that are always there in a window, for a provider with few calls.
  static final int LEAST = 10;

  private static final int BUCKETS = (int) WINDOW.toSeconds();

  private final int percent;
  private final LongSupplier nanos;
  private final long origin;

  @GuardedBy("this")
  private final int[] calls = new int[BUCKETS];

  @GuardedBy("this")
  private final int[] retries = new int[BUCKETS];

  @GuardedBy("this")
  private long second;

  RetryBudget(Policy.Budget budget, LongSupplier nanos) {
    this.percent = budget.percent();
    this.nanos = nanos;
    this.origin = nanos.getAsLong();
  }

  /// Counts a first try.
  synchronized void call() {
    advance();
    calls[bucket()]++;
  }

  /// Takes a second try; false when there is none left.
  synchronized boolean tryRetry() {
    advance();
    long allowed = Math.max(LEAST, (long) sum(calls) * percent / 100);
    if (sum(retries) >= allowed) {
      return false;
    }
    retries[bucket()]++;
    return true;
  }

  @GuardedBy("this")
  private void advance() {
    long now = (nanos.getAsLong() - origin) / 1_000_000_000;
    long from = Math.max(second + 1, now - BUCKETS + 1);
    for (long s = from; s <= now; s++) {
      calls[(int) (s % BUCKETS)] = 0;
      retries[(int) (s % BUCKETS)] = 0;
    }
    second = Math.max(second, now);
  }

  @GuardedBy("this")
  private int bucket() {
    return (int) (second % BUCKETS);
  }

  private static int sum(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }
}
