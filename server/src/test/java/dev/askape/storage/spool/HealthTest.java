package dev.askape.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final SpoolSettings SETTINGS = SpoolSettings.of(Duration.ofMillis(300), 10, 1_000);
  private static final Duration RETRY = Duration.ofMillis(200);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Health health = new Health("the test's store", SETTINGS, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void believesAtOnceWhatIsBackAfterItsFirstOutage() {
    health.giveUp();
    pass(RETRY);

    health.recover();

    assertThat(health.isGood()).isTrue();
  }

  /// Each time that it is good costs some user his patience.
  @Test
  void isSeldomGoodWhileTheStoreComesAndGoes() {
    int good = 0;
    for (var at = Duration.ZERO; at.toMinutes() < 10; at = at.plus(RETRY)) {
      if (health.isGood()) {
        good++;
        health.giveUp();
      }
      pass(RETRY);
      health.recover();
    }

    assertThat(good).isBetween(10, 30);
  }

  @Test
  void forgetsItsDoubtsOfAStoreThatWasThereForLong() {
    for (int i = 0; i < 5; i++) {
      health.giveUp();
      pass(Duration.ofMinutes(1));
      health.recover();
    }
    pass(Duration.ofMinutes(2));
    health.giveUp();
    pass(RETRY);

    health.recover();

    assertThat(health.isGood()).isTrue();
  }
}
