package dev.askape.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.provider.Timeouts;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallTimerTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> expired = new ArrayList<>();
  private final CallTimer timer =
      new CallTimer(
          channel.eventLoop(),
          new Timeouts(
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofSeconds(60),
              Duration.ofSeconds(20),
              Duration.ofSeconds(300)),
          TimeUnit.SECONDS.toNanos(300),
          expired::add,
          this::now);

  private long now;

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  @Test
  void givesEachStageItsOwnTime() {
    timer.enter(CallTimer.Stage.CONNECTION);
    pass(4);
    timer.enter(CallTimer.Stage.HEADERS);
    pass(29);
    timer.enter(CallTimer.Stage.FIRST_TOKEN);
    pass(59);
    assertThat(expired).isEmpty();

    pass(1);
    assertThat(expired).containsExactly("waited 60000 ms for the first token");
  }

  @Test
  void startsAgainWithEveryToken() {
    timer.enter(CallTimer.Stage.FIRST_TOKEN);
    for (int i = 0; i < 10; i++) {
      timer.token();
      pass(19);
    }
    assertThat(expired).isEmpty();

    pass(1);
    assertThat(expired).containsExactly("waited 20000 ms for the next token");
  }

  @Test
  void endsTheWholeInTimeHoweverManyTokensCome() {
    timer.enter(CallTimer.Stage.FIRST_TOKEN);
    for (int i = 0; i < 299; i++) {
      timer.token();
      pass(1);
    }
    assertThat(expired).isEmpty();

    timer.token();
    pass(1);
    assertThat(expired).containsExactly("no end in the time for all of it");
  }

  @Test
  void waitsOnlyAMomentForTheEndOfTheStream() {
    timer.enter(CallTimer.Stage.END);
    pass(5);

    assertThat(expired).containsExactly("waited 5000 ms for the end of the stream");
  }

  @Test
  void isSilentOnceStopped() {
    timer.enter(CallTimer.Stage.CONNECTION);
    timer.stop();
    pass(1_000);

    assertThat(expired).isEmpty();
  }

  private long now() {
    return now;
  }

  private void pass(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }
}
