package dev.askape.bench.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.LongConsumer;

/// The floor of reading alone: streams that are read with bare Netty, each on one of the event
/// loops in turn, and whose fragments are thrown away.
public final class FloorReader {
  private FloorReader() {}

  /// Starts that many streams; returns at once.
  ///
  /// @param model its fragments are numbers
  /// @param fragment told the number of each, on its event loop
  public static void start(
      List<EventLoop> loops, int provider, String model, int streams, LongConsumer fragment) {
    for (int i = 0; i < streams; i++) {
      var loop = loops.get(i % loops.size());
      new Reading(model, fragment).start(loop, "127.0.0.1", provider);
    }
  }

  private static final class Reading extends FloorRequest {
    private final LongConsumer fragment;

    Reading(String model, LongConsumer fragment) {
      super(model, () -> {});
      this.fragment = fragment;
    }

    @Override
    void said(ByteBuf line, int from, int to) {
      long number = 0;
      for (int i = from; i < to; i++) {
        byte digit = line.getByte(i);
        if (digit >= '0' && digit <= '9') {
          number = number * 10 + digit - '0';
        }
      }
      fragment.accept(number);
    }
  }
}
