package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TickerTest {
  private static final Duration PERIOD = Duration.ofMillis(25);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final FakeSocket socket = new FakeSocket();
  private final Viewers viewers = new Viewers(PERIOD);

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  @AfterEach
  void close() {
    viewers.close();
    channel.unfreezeTime();
    channel.finishAndReleaseAll();
  }

  private void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
  }

  private boolean hasTimer() {
    return channel.runScheduledPendingTasks() >= 0;
  }

  @Test
  void callsAViewerAtTheNextBeatOnce() {
    var ticker = new Ticker(channel.eventLoop(), PERIOD);
    var viewer = viewers.joined(socket, StreamMode.FULL);
    viewers.hand.post("hello", "a"); // told when the viewer is called, as its own loop stands still
    ticker.add(viewer);
    pass(24);
    assertThat(socket.packets()).isEmpty();

    pass(1);
    assertThat(socket.events()).containsExactly("user_message", "streaming_started");
  }

  @Test
  void stopsItsTimerWhenNobodyWaits() {
    var ticker = new Ticker(channel.eventLoop(), PERIOD);
    assertThat(hasTimer()).isFalse();
    ticker.add(viewers.joined(socket, StreamMode.FULL));
    assertThat(hasTimer()).isTrue();

    pass(25); // calls the viewer
    assertThat(hasTimer()).isTrue();
    pass(25); // finds nobody
    assertThat(hasTimer()).isFalse();
  }

  @Test
  void beginsAgainAfterARest() {
    var ticker = new Ticker(channel.eventLoop(), PERIOD);
    var viewer = viewers.joined(socket, StreamMode.FULL);
    ticker.add(viewer);
    pass(25);
    pass(25);
    viewers.hand.post("hello", "a");
    ticker.add(viewer);
    pass(25);

    assertThat(socket.events()).containsExactly("user_message", "streaming_started");
  }
}
