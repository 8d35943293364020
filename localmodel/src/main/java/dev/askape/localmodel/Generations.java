package dev.askape.localmodel;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Where answers are made: a few at once, a few waiting, more are turned away. Safe for any thread.
final class Generations {
  /// A long prompt of each of the answers at once, on a machine with much else to do, takes about
  /// this long before anything is said.
  static final Duration STUCK = Duration.ofMinutes(2);

  private final ThreadPoolExecutor workers;
  private final LongSupplier clock;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lastSign;

  /// @param clock nanoseconds, such as [System#nanoTime]
  Generations(int parallel, int queue, LongSupplier clock) {
    this.clock = clock;
    this.lastSign = new AtomicLong(clock.getAsLong());
    this.workers =
        new ThreadPoolExecutor(
            parallel,
            parallel,
            0,
            TimeUnit.SECONDS,
            queue == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().daemon().name("generation-", 0).factory());
  }

  /// Returns false when too many wait already.
  boolean submit(Runnable generation) {
    try {
      workers.execute(() -> run(generation));
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  private void run(Runnable generation) {
    if (running.getAndIncrement() == 0) {
      signOfLife();
    }
    try {
      generation.run();
    } finally {
      running.decrementAndGet();
    }
  }

  /// Something was said.
  void signOfLife() {
    lastSign.set(clock.getAsLong());
  }

  /// Whether answers are being made and none has got any further for long: native code hangs.
  boolean isStuck() {
    return running.get() > 0 && clock.getAsLong() - lastSign.get() > STUCK.toNanos();
  }
}
