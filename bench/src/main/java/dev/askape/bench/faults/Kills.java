package dev.askape.bench.faults;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// When the server was last killed, and how long things took from then on. Safe for any thread.
final class Kills {
  private static final long LONGEST_MS = TimeUnit.MINUTES.toMillis(10);

  @GuardedBy("this")
  private final Histogram listening = new Histogram(LONGEST_MS, 3);

  @GuardedBy("this")
  private final Histogram terminal = new Histogram(LONGEST_MS, 3);

  @GuardedBy("this")
  private long lastAt = System.nanoTime();

  @GuardedBy("this")
  private int count;

  synchronized void killed() {
    lastAt = System.nanoTime();
    count++;
  }

  synchronized int count() {
    return count;
  }

  private synchronized long sinceMs() {
    return Math.clamp((System.nanoTime() - lastAt) / 1_000_000, 0, LONGEST_MS);
  }

  synchronized void listensAgain() {
    listening.recordValue(sinceMs());
  }

  /// So many turns that ran when it was killed were just seen to be over.
  synchronized void seenOver(int turns) {
    if (turns > 0 && count > 0) {
      terminal.recordValueWithCount(sinceMs(), turns);
    }
  }

  private static String text(Histogram times) {
    return "p50 %d ms, p99 %d ms, max %d ms of %d"
        .formatted(
            times.getValueAtPercentile(50),
            times.getValueAtPercentile(99),
            times.getMaxValue(),
            times.getTotalCount());
  }

  @Override
  public synchronized String toString() {
    return "kill to listening again "
        + text(listening)
        + "; kill to the end seen by a client "
        + text(terminal);
  }
}
