package dev.askape.storage.spool;

import dev.askape.chat.ConversationStore;
import dev.askape.storage.sqlite.SpoolLimits;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// Fail-over stores for tests: quick to give up and to try again.
public final class Spools {
  static final SpoolLimits LIMITS = new SpoolLimits(64_000_000, 1_000, 1_000);

  private Spools() {}

  static SpoolSettings settings(Duration patience) {
    return new SpoolSettings(
        patience,
        Duration.ofSeconds(5),
        32,
        4,
        Duration.ofMillis(2),
        Duration.ofMillis(20),
        1_000,
        16_000_000);
  }

  /// Opens a fail-over store.
  ///
  /// @param patience how long a call may take before it counts as hanging
  public static FailoverStore open(Path file, ConversationStore primary, Duration patience) {
    return open(file, primary, patience, LIMITS);
  }

  static FailoverStore open(
      Path file, ConversationStore primary, Duration patience, SpoolLimits limits) {
    var spool = SqliteSpool.open(SqliteSettings.file(file), limits, InstantSource.system());
    return FailoverStore.open(spool, "The test's store", () -> primary, settings(patience));
  }

  /// Waits until the spool knows which sessions there are.
  public static void awaitLearnt(FailoverStore store) {
    soon().until(store::knowsSessions);
  }

  /// Looks often.
  static ConditionFactory soon() {
    return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }
}
