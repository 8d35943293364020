package dev.askape.standin;

import java.util.concurrent.atomic.LongAdder;

/// Counts the requests for answers. Safe for any thread.
final class StandInStats {
  private final LongAdder requests = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();

  void asked() {
    requests.increment();
  }

  void completed() {
    completed.increment();
  }

  void cancelled() {
    cancelled.increment();
  }

  StandInProvider.Stats now() {
    long done = completed.sum();
    long gone = cancelled.sum();
    long all = requests.sum();
    return new StandInProvider.Stats(all, all - done - gone, done, gone);
  }
}
