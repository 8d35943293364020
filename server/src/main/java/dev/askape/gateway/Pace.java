package dev.askape.gateway;

import java.util.concurrent.TimeUnit;

/// How far apart the chunks of one answer are for one viewer.
///
/// @param isFull whether each chunk repeats the whole text
/// @param mergeNanos the least time between two chunks
/// @param fullBytesPerSecond what repeating may cost
record Pace(boolean isFull, long mergeNanos, int fullBytesPerSecond) {
  static Pace of(StreamMode mode, GatewaySettings settings) {
    return new Pace(
        mode == StreamMode.FULL, settings.merge().toNanos(), settings.fullBytesPerSecond());
  }

  /// @param repeatedBytes what the next chunk will repeat
  long nanosBetween(int repeatedBytes) {
    return mergeNanos == 0
        ? 0
        : Math.max(mergeNanos, repeatedBytes * TimeUnit.SECONDS.toNanos(1) / fullBytesPerSecond);
  }
}
