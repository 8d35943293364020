package dev.askape.storage.mongo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The moment by which a call has to be over. Immutable.
record Deadline(long nanos) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /// What is left; never less than one, because the driver takes zero for "for ever".
  long millisLeft() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()));
  }

  boolean isOver() {
    return nanos - System.nanoTime() <= 0;
  }
}
