package dev.askape.chat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A viewer that only counts what it hears. Safe for any thread.
final class RecordingViewer implements SessionViewer {
  final AtomicInteger wakes = new AtomicInteger();
  final AtomicInteger growths = new AtomicInteger();
  final List<Reason> dropped = new CopyOnWriteArrayList<>();
  volatile long needsFrom = Long.MAX_VALUE;

  @Override
  public void wake() {
    wakes.incrementAndGet();
  }

  @Override
  public void grown() {
    growths.incrementAndGet();
  }

  @Override
  public long needsFrom() {
    return needsFrom;
  }

  @Override
  public void dropped(Reason reason) {
    dropped.add(reason);
  }
}
