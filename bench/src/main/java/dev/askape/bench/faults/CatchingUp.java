package dev.askape.bench.faults;

import com.mongodb.MongoException;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/// Waits until MongoDB has everything that was acknowledged.
final class CatchingUp {
  /// Without any more in MongoDB: a long run leaves much to be repeated.
  private static final long PATIENCE_SECONDS = 120;

  private static final long PAUSE_MS = 2_000;

  private CatchingUp() {}

  /// Waits as long as it gets on; what is missing then is found by who looks next. Nobody may send
  /// any more. A session that is whole is not looked at again, so as not to keep MongoDB busy.
  ///
  /// @return how long it took, for people
  static String await(Database database, Crowd crowd) {
    long start = System.nanoTime();
    long progress = start;
    var left = new ArrayList<>(crowd.talks());
    try (var contents = new Contents(database.uri())) {
      while (true) {
        long now = System.nanoTime();
        if (left.removeIf(talk -> isWhole(contents, talk))) {
          progress = now;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(now - start);
        if (left.isEmpty()) {
          return "all in MongoDB " + seconds + " s after the last answer";
        }
        if (TimeUnit.NANOSECONDS.toSeconds(now - progress) > PATIENCE_SECONDS) {
          return "%d sessions are not in MongoDB after %d s".formatted(left.size(), seconds);
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static boolean isWhole(Contents contents, Talk talk) {
    try {
      return contents.countMissing(talk) == 0;
    } catch (MongoException e) {
      Faults.say("MongoDB cannot be read: %s", e);
      return false;
    }
  }
}
