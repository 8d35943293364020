package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventRateTest {
  private static final long START = -7;

  private final EventRate rate = new EventRate(50, 100, START);

  private static long after(long millis) {
    return START + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private int taken(long now) {
    int taken = 0;
    while (rate.take(now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void letsABurstThroughAndThenNoMore() {
    assertThat(taken(START)).isEqualTo(100);
    assertThat(rate.take(START)).isFalse();
  }

  @Test
  void refillsSteadily() {
    taken(START);

    assertThat(taken(after(19))).isZero();
    assertThat(taken(after(20))).isEqualTo(1);
    assertThat(taken(after(1_020))).isEqualTo(50);
  }

  @Test
  void savesUpNoMoreThanABurst() {
    taken(START);

    assertThat(taken(after(3_600_000))).isEqualTo(100);
  }

  @Test
  void saysWhenThereIsOneAgain() {
    taken(START);
    assertThat(rate.retryAfterMs()).isEqualTo(20);
    rate.take(after(10));
    assertThat(rate.retryAfterMs()).isEqualTo(10);

    assertThat(rate.take(after(20))).isTrue();
  }
}
