package dev.askape.provider.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final FakeTime time = new FakeTime();
  private final RetryBudget budget = new RetryBudget(new Policy.Budget(10), time::nanos);

  private int retries() {
    int taken = 0;
    while (budget.tryRetry()) {
      taken++;
    }
    return taken;
  }

  private void calls(int count) {
    for (int i = 0; i < count; i++) {
      budget.call();
    }
  }

  @Test
  void isNeverBelowTen() {
    assertThat(retries()).isEqualTo(10);
  }

  @Test
  void isAShareOfTheCalls() {
    calls(500);

    assertThat(retries()).isEqualTo(50);
  }

  @Test
  void forgetsWhatIsOld() {
    calls(500);
    retries();
    time.pass(Duration.ofSeconds(29));
    assertThat(retries()).isZero();

    time.pass(Duration.ofSeconds(1));
    assertThat(retries()).isEqualTo(10);
  }

  @Test
  void forgetsAllAfterALongSilence() {
    calls(500);
    retries();
    time.pass(Duration.ofDays(2));

    assertThat(retries()).isEqualTo(10);
  }

  @Test
  void countsWhatIsRecent() {
    calls(200);
    time.pass(Duration.ofSeconds(20));
    calls(200);
    time.pass(Duration.ofSeconds(15));
    calls(100);

    assertThat(retries()).isEqualTo(30);
  }
}
