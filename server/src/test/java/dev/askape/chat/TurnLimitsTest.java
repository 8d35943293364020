package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TurnLimitsTest {
  private static final Party ANNA = new Party.User("anna");
  private static final Party GUEST_ANNA = new Party.Guest("anna");
  private static final Party BERT = new Party.User("bert");

  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

  private TurnLimits limits(Consumer<TestSettings> change) {
    var settings = new TestSettings();
    change.accept(settings);
    return new TurnLimits(settings.build(), nanos::get);
  }

  private void move(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  @Test
  void letsOnePartyRunOnlySoManyTurns() {
    var limits = limits(s -> s.turnsPerIdentity = 2);

    assertThat(limits.begin(ANNA, 1)).isEmpty();
    assertThat(limits.begin(ANNA, 1)).isEmpty();
    assertThat(limits.begin(ANNA, 1)).contains(new Refusal.Busy());
    assertThat(limits.begin(GUEST_ANNA, 1)).isEmpty();
    assertThat(limits.begin(BERT, 1)).isEmpty();

    limits.turnEnded(ANNA);
    assertThat(limits.begin(ANNA, 1)).isEmpty();
    assertThat(limits.begin(ANNA, 1)).contains(new Refusal.Busy());
  }

  @Test
  void letsOnlySoManyAnswersRunInAll() {
    var limits = limits(s -> s.answers = 5);

    assertThat(limits.begin(ANNA, 3)).isEmpty();
    assertThat(limits.begin(BERT, 3)).contains(new Refusal.Busy());
    assertThat(limits.runningAnswers()).isEqualTo(3);
    assertThat(limits.begin(BERT, 2)).isEmpty();
    assertThat(limits.begin(BERT, 1)).contains(new Refusal.Busy());

    limits.answerEnded();
    assertThat(limits.begin(BERT, 1)).isEmpty();
    assertThat(limits.runningAnswers()).isEqualTo(5);
  }

  @Test
  void countsNothingOfWhatItRefuses() {
    var limits = limits(s -> s.answers = 5);
    limits.begin(ANNA, 5);
    for (int i = 0; i < 10; i++) {
      limits.begin(BERT, 1);
    }
    for (int i = 0; i < 5; i++) {
      limits.answerEnded();
    }

    assertThat(limits.runningAnswers()).isZero();
    assertThat(limits.begin(BERT, 5)).isEmpty();
  }

  @Test
  void letsOnePartyBeginOnlySoOften() {
    var limits = limits(s -> s.turnsPerMinute = 3);
    for (int i = 0; i < 3; i++) {
      assertThat(limits.begin(ANNA, 1)).isEmpty();
      limits.turnEnded(ANNA);
    }

    assertThat(limits.begin(ANNA, 1))
        .contains(new Refusal.RateLimited(Duration.ofSeconds(20))); // one of three a minute
    assertThat(limits.begin(BERT, 1)).isEmpty();
  }

  @Test
  void letsItBeginAgainAsTimeGoesBy() {
    var limits = limits(s -> s.turnsPerMinute = 3);
    for (int i = 0; i < 3; i++) {
      limits.begin(ANNA, 1);
    }

    move(Duration.ofSeconds(15));
    assertThat(limits.begin(ANNA, 1)).contains(new Refusal.RateLimited(Duration.ofSeconds(5)));
    move(Duration.ofSeconds(5));
    assertThat(limits.begin(ANNA, 1)).isEmpty();
    assertThat(limits.begin(ANNA, 1)).isPresent();
  }

  @Test
  void savesUpNoMoreThanAMinute() {
    var limits = limits(s -> s.turnsPerMinute = 3);
    limits.begin(ANNA, 1);
    move(Duration.ofDays(30));
    for (int i = 0; i < 3; i++) {
      assertThat(limits.begin(ANNA, 1)).isEmpty();
    }

    assertThat(limits.begin(ANNA, 1)).isPresent();
  }

  @Test
  void doesNotChargeForWhatItRefusesAsBusy() {
    var limits =
        limits(s -> {
          s.turnsPerMinute = 2;
          s.turnsPerIdentity = 1;
        });
    limits.begin(ANNA, 1);
    for (int i = 0; i < 10; i++) {
      assertThat(limits.begin(ANNA, 1)).contains(new Refusal.Busy());
    }
    limits.turnEnded(ANNA);

    assertThat(limits.begin(ANNA, 1)).isEmpty();
  }

  @Test
  void hasNoRateWhereNoneIsSet() {
    var limits = limits(s -> s.turnsPerMinute = 0);
    for (int i = 0; i < 500; i++) {
      assertThat(limits.begin(ANNA, 1)).isEmpty();
    }
  }

  @Test
  void countsExactlyWhenManyBeginAtOnce() throws Exception {
    var limits = limits(s -> s.turnsPerIdentity = 7);
    var go = new CountDownLatch(1);
    Callable<Boolean> begin =
        () -> {
          assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
          return limits.begin(ANNA, 1).isEmpty();
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> begun = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        begun.add(threads.submit(begin));
      }
      go.countDown();
      int accepted = 0;
      for (var one : begun) {
        accepted += one.get() ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(7);
    }
  }
}
