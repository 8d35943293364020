package dev.askape.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/// How long any single expectation is waited for. Only a test that fails ever waits so long.
final class Patience {
  static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private Patience() {}

  /// Waits for what nobody announces.
  static void until(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .until(condition);
  }
}
