package dev.askape.gateway;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The beat of one event loop, to which its viewers flush what may be merged: one timer for all of
/// them, which runs while there is somebody to flush. Confined to the loop.
final class Ticker {
  private final EventLoop loop;
  private final long periodNanos;
  private List<Viewer> waiting = new ArrayList<>();
  private boolean running;

  Ticker(EventLoop loop, Duration period) {
    this.loop = loop;
    this.periodNanos = period.toNanos();
  }

  /// The viewer is called at the next beat, once; it must not be waiting already.
  void add(Viewer viewer) {
    waiting.add(viewer);
    if (!running) {
      running = true;
      schedule();
    }
  }

  private void schedule() {
    var _ = loop.schedule(this::tick, periodNanos, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    long now =
        System
            .nanoTime(); // of the beat's start, so that two beats are never closer than the period
    var due = waiting;
    waiting = new ArrayList<>(due.size());
    if (!due.isEmpty()) {
      schedule(); // before the work, so that a beat keeps its time
    } else {
      running = false;
    }
    for (var viewer : due) {
      viewer.beat(now);
    }
  }
}
