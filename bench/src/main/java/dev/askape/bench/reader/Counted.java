package dev.askape.bench.reader;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Counts fragments, and how long each was on its way. Safe for any thread.
final class Counted implements LongConsumer {
  private static final long LONGEST_MICROS = 60_000_000;

  private final LongAdder fragments = new LongAdder();
  private final Recorder ages = new Recorder(LONGEST_MICROS, 2);

  /// @param stamp when it was sent, in microseconds of [System#nanoTime]
  @Override
  public void accept(long stamp) {
    fragments.increment();
    ages.recordValue(Math.clamp(System.nanoTime() / 1_000 - stamp, 0, LONGEST_MICROS));
  }

  long fragments() {
    return fragments.sum();
  }

  /// The ages since the last time this was called, in microseconds.
  Histogram ages() {
    return ages.getIntervalHistogram();
  }
}
