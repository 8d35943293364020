package dev.askape.engineio;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One thing to be done later, at most. Confined to its loop.
final class Timer {
  private final EventLoop loop;
  private @Nullable Future<?> due;

  Timer(EventLoop loop) {
    this.loop = loop;
  }

  /// Does this after the delay, instead of what was to be done before.
  void start(Duration delay, Runnable task) {
    cancel();
    due = loop.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  void cancel() {
    if (due != null) {
      due.cancel(false);
      due = null;
    }
  }
}
