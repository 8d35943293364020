package dev.askape.standin;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Lets all streams of one event loop say what is due, by one tick. Confined to the loop.
final class Pacer {
  private static final long TICK_MICROS = 2_000;

  /// Somebody who says something from time to time.
  interface Paced {
    /// Says what is due.
    ///
    /// @return false when there will be nothing more
    boolean tick(long nowNanos);
  }

  private final EventLoop loop;
  private final List<Paced> streams = new ArrayList<>();
  private @Nullable Future<?> ticking;

  Pacer(EventLoop loop) {
    this.loop = loop;
  }

  void add(Paced stream) {
    streams.add(stream);
    if (ticking == null) {
      ticking =
          loop.scheduleAtFixedRate(this::tick, TICK_MICROS, TICK_MICROS, TimeUnit.MICROSECONDS);
    }
  }

  private void tick() {
    long now = System.nanoTime();
    streams.removeIf(stream -> !stream.tick(now));
    if (streams.isEmpty() && ticking != null) {
      ticking.cancel(false);
      ticking = null;
    }
  }
}
