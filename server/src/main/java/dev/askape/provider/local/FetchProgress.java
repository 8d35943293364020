package dev.askape.provider.local;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Tells how far a fetch is: bytes, percent and rate, now and then. For one thread; time comes from
/// the caller, in nanoseconds.
final class FetchProgress {
  private static final long EVERY = Duration.ofSeconds(2).toNanos();

  private final long total;
  private final long start;
  private long told;
  private long toldBytes;
  private long bytes;
  private long grown;

  FetchProgress(long total, long now) {
    this.total = total;
    this.start = now;
    this.told = now;
    this.grown = now;
  }

  /// Returns a line when it is time for one.
  Optional<String> at(long size, long now) {
    if (size > bytes) {
      bytes = size;
      grown = now;
    }
    if (now - told < EVERY) {
      return Optional.empty();
    }
    var line =
        "Fetching the weights: %s of %s MB (%d %%), %s MB/s"
            .formatted(
                PipDownload.megabytes(Math.min(bytes, total)),
                PipDownload.megabytes(total),
                Math.min(100, 100 * bytes / total),
                rate(bytes - toldBytes, now - told));
    told = now;
    toldBytes = bytes;
    return Optional.of(line);
  }

  String end(long size, long now) {
    return String.format(
        Locale.ROOT,
        "Fetched %s MB in %.1f s (%s MB/s)",
        PipDownload.megabytes(size),
        (now - start) / 1e9,
        rate(size, now - start));
  }

  boolean hasStalledFor(Duration limit, long now) {
    return now - grown > limit.toNanos();
  }

  private static String rate(long bytes, long nanos) {
    return PipDownload.megabytes(nanos <= 0 ? 0 : (long) (bytes * 1e9 / nanos));
  }
}
