package dev.askape.storage.sqlite;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How the embedded store works, and its limits.
///
/// @param path the data file; its folder is made when missing. Absent: in memory, gone with the
///   process
/// @param readers connections, each with a thread of its own, that read; in memory there are none
///   and the writer reads too
/// @param maxQueuedWrites writes that may wait for the writer; one more is refused
/// @param maxQueuedReads reads that may wait for a reader; one more is refused
/// @param maxBatch writes that share one transaction and so one sync
/// @param maxWait how long a call waits for its turn and its outcome; a write whose commit has
///   begun waits as long again for the disk's word
/// @param checkpointDelay how long a checkpoint may wait for other writes to share a sync with
public record SqliteSettings(
    Optional<Path> path,
    int readers,
    int maxQueuedWrites,
    int maxQueuedReads,
    int maxBatch,
    Duration maxWait,
    Duration checkpointDelay) {
  public SqliteSettings {
    atLeastOne("readers", readers);
    atLeastOne("maxQueuedWrites", maxQueuedWrites);
    atLeastOne("maxQueuedReads", maxQueuedReads);
    atLeastOne("maxBatch", maxBatch);
    if (!maxWait.isPositive()) {
      throw new IllegalArgumentException("maxWait must be positive");
    }
    if (checkpointDelay.isNegative() || checkpointDelay.compareTo(maxWait) >= 0) {
      throw new IllegalArgumentException("checkpointDelay must be from 0 to less than maxWait");
    }
  }

  /// A data file with the default limits.
  public static SqliteSettings file(Path path) {
    return defaults(Optional.of(path));
  }

  /// Nothing on disk, the default limits.
  public static SqliteSettings memory() {
    return defaults(Optional.empty());
  }

  private static SqliteSettings defaults(Optional<Path> path) {
    return new SqliteSettings(
        path, 2, 4_096, 4_096, 256, Duration.ofSeconds(10), Duration.ofMillis(50));
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1");
    }
  }
}
