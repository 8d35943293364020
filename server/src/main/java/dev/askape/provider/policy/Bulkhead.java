package dev.askape.provider.policy;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Places for calls that run at once, first come, first served, with a bounded queue. A call keeps
/// its place while it waits for a second try: a provider in trouble is not given more to do.
final class Bulkhead {
  private final Policy.Concurrency limits;
  private final Semaphore places;
  private final AtomicInteger waiting = new AtomicInteger();

  Bulkhead(Policy.Concurrency limits) {
    this.limits = limits;
    this.places = new Semaphore(limits.calls(), true);
  }

  /// Waits for a place, which [#leave] gives back.
  ///
  /// @return false when there is none in time, or too many wait already
  boolean enter() throws InterruptedException {
    if (places.tryAcquire()) {
      return true;
    }
    try {
      return waiting.incrementAndGet() <= limits.queue()
          && places.tryAcquire(limits.maxWait().toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      waiting.decrementAndGet();
    }
  }

  void leave() {
    places.release();
  }

  /// How many wait for a place.
  int waiting() {
    return waiting.get();
  }

  /// For the log.
  @Override
  public String toString() {
    return limits.calls() + " calls at once";
  }
}
