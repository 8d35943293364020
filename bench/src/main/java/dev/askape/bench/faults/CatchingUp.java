package dev.askape.bench.faults;

import com.mongodb.MongoException;
import java.util.concurrent.TimeUnit;

/// Waits until MongoDB has everything that was acknowledged.
final class CatchingUp {
  private static final long PATIENCE_SECONDS = 120;

  private CatchingUp() {}

  /// Waits, for two minutes at most; what is missing then is found by who looks next.
  ///
  /// @return how long it took, for people
  static String await(Database database, Crowd crowd) {
    long start = System.nanoTime();
    long until = start + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (var contents = new Contents(database.uri())) {
      long missing = countMissing(contents, crowd);
      while (missing > 0) {
        if (System.nanoTime() > until) {
          return missing + " are not in MongoDB after " + PATIENCE_SECONDS + " s";
        }
        TimeUnit.MILLISECONDS.sleep(100);
        missing = countMissing(contents, crowd);
      }
      return "all in MongoDB %d ms after the last answer"
          .formatted((System.nanoTime() - start) / 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static long countMissing(Contents contents, Crowd crowd) {
    try {
      return contents.countMissing(crowd.talks());
    } catch (MongoException e) {
      Faults.say("MongoDB cannot be read: %s", e);
      return crowd.acknowledged();
    }
  }
}
