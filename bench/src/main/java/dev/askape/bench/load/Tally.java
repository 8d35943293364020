package dev.askape.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// What came within one window. Confined to the event loop.
final class Tally {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);
  private static final int DIGITS = 3;

  final Histogram fragments = new Histogram(LONGEST_MICROS, DIGITS);
  final Histogram firsts = new Histogram(LONGEST_MICROS, DIGITS);
  final Histogram lag = new Histogram(LONGEST_MICROS, DIGITS);
  long tokens;
  long frames;
  long bytes;
  long turns;
  long errors;
  String firstError = "";
  private long startedAt = System.nanoTime();

  void clear() {
    fragments.reset();
    firsts.reset();
    lag.reset();
    tokens = 0;
    frames = 0;
    bytes = 0;
    turns = 0;
    errors = 0;
    firstError = "";
    startedAt = System.nanoTime();
  }

  void error(String what) {
    errors++;
    if (firstError.isEmpty()) {
      firstError = what;
    }
  }

  static void record(Histogram histogram, long micros) {
    histogram.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
  }

  Results results() {
    return new Results(
        (System.nanoTime() - startedAt) / 1e9,
        tokens,
        frames,
        bytes,
        turns,
        errors,
        firstError,
        Latency.of(fragments),
        Latency.of(firsts),
        Latency.of(lag));
  }
}
