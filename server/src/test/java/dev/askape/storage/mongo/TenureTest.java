package dev.askape.storage.mongo;

import static dev.askape.chat.ConversationStore.NO_LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TenureTest {
  private static final Duration LEASE = Duration.ofSeconds(15);

  private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos(); // nanoTime may overflow
  private final Tenure tenure = new Tenure(LEASE, () -> now);

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void beginsWithALease() {
    assertThat(tenure.current()).isNotEqualTo(NO_LEASE);
  }

  @Test
  void keepsItsNumberWhileItIsRenewedInTime() {
    long first = tenure.current();
    for (int i = 0; i < 5; i++) {
      pass(14);
      tenure.renew(now);
    }

    assertThat(tenure.current()).isEqualTo(first);
  }

  @Test
  void runsOutByItself() {
    pass(15);

    assertThat(tenure.current()).isEqualTo(NO_LEASE);
  }

  @Test
  void isAnotherOneOnceItHasRunOut() {
    long first = tenure.current();
    pass(15);
    tenure.renew(now);

    assertThat(tenure.current()).isNotEqualTo(NO_LEASE).isNotEqualTo(first);
  }

  @Test
  void countsFromTheBeginningOfWhatRenewedIt() {
    long since = now;
    pass(14);
    tenure.renew(since);
    pass(1);

    assertThat(tenure.current()).isEqualTo(NO_LEASE);
  }

  @Test
  void isNotRenewedByWhatBeganBeforeTheProcessWasFrozen() {
    long since = now;
    pass(30);
    tenure.renew(since);

    assertThat(tenure.current()).isEqualTo(NO_LEASE);
  }
}
