package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.socketio.EncodedPacket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// When a viewer looks, and what it costs while it does not.
class ViewerPaceTest {
  /// So long that no second chunk is due before the test moves the time.
  private static final Duration MERGE = Duration.ofHours(1);

  @AutoClose private final Viewers viewers = new Viewers(MERGE);
  private final FakeSocket socket = new FakeSocket();

  private static long afterMerge() {
    return System.nanoTime() + MERGE.toNanos();
  }

  @Test
  void mergesWhatGrowsUntilTheNextBeat() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "a");
    viewers.run();
    socket.forget();
    for (var word : List.of("b", "c", "d")) {
      turn.says(0, word);
      viewers.run();
    }
    assertThat(socket.packets()).isEmpty();

    viewer.beat(afterMerge());
    assertThat(socket.events()).containsExactly("message_chunk");
    assertThat(socket.last().text("chunk")).isEqualTo("bcd");
    assertThat(socket.last().number("chunkIndex")).isEqualTo(4);
  }

  @Test
  void tellsEveryFragmentWhenNothingIsMerged() {
    try (var eager = new Viewers(Duration.ZERO)) {
      eager.joined(socket, StreamMode.DELTA);
      var turn = eager.hand.post("hello", "a").starts(0);
      for (var word : List.of("a", "b", "c")) {
        turn.says(0, word);
        eager.run();
      }

      assertThat(socket.sent("message_chunk"))
          .extracting(sent -> sent.text("chunk"))
          .containsExactly("a", "b", "c");
    }
  }

  @Test
  void costsNothingWhileTheSocketTakesNoMoreAndCatchesUpThen() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    socket.takesOnly(0);
    var turn = viewers.hand.post("hello", "a", "b").starts(0, 1);
    for (int i = 0; i < 100; i++) {
      turn.says(0, "a").says(1, "b");
      viewers.run();
      viewer.beat(afterMerge());
    }
    turn.completes(0).completes(1);
    viewers.run();
    assertThat(socket.packets()).isEmpty();

    socket.takesEverything();
    viewer.drain(afterMerge());
    assertThat(socket.events())
        .containsExactly(
            "user_message",
            "streaming_started",
            "model_streaming_start",
            "message_chunk",
            "model_streaming_complete",
            "model_streaming_start",
            "message_chunk",
            "model_streaming_complete",
            "all_responses_complete");
    assertThat(socket.sent("message_chunk").getFirst().text("chunk")).isEqualTo("a".repeat(100));
    assertThat(socket.sentUnasked()).isZero();
  }

  @Test
  void isNotWokenByGrowthBeforeTheNextBeat() {
    viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "a");
    viewers.run();
    int asked = socket.asked();
    for (int i = 0; i < 100; i++) {
      turn.says(0, "b");
      viewers.run();
    }

    assertThat(socket.asked()).isEqualTo(asked);
  }

  @Test
  void isNotWokenByGrowthWhileTheSocketTakesNoMore() {
    viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0);
    viewers.run();
    socket.takesOnly(0);
    turn.says(0, "a");
    viewers.run();
    int asked = socket.asked();
    for (int i = 0; i < 100; i++) {
      turn.says(0, "b");
      viewers.run();
    }

    assertThat(socket.asked()).isEqualTo(asked);
  }

  /// Growth that comes while it looks wakes nobody; so it has to look again before it rests.
  @Test
  void missesNothingThatGrowsWhileItLooks() {
    for (int moment = 1; moment <= 8; moment++) {
      var one = new FakeSocket();
      try (var quick = new Viewers(Duration.ofNanos(1))) {
        var viewer = quick.joined(one, StreamMode.DELTA);
        var turn = quick.hand.post("hello", "a").starts(0).says(0, "early ");
        quick.run();
        quick.pass(Duration.ofMillis(1));
        quick.pass(Duration.ofMillis(1));
        int at = one.asked() + moment;
        one.whenAsked(() -> {
          if (one.asked() == at) {
            turn.says(0, "late");
          }
        });
        viewer.drain(System.nanoTime());
        quick.run();
        quick.pass(Duration.ofMillis(1));

        if (one.asked() >= at) {
          assertThat(one.last().text("chunk")).as("at moment %s", moment).isEqualTo("late");
        } else {
          assertThat(moment).as("moments that there are").isGreaterThan(2);
        }
      }
    }
  }

  @Test
  void relaysWhatIsNotWorthWaitingForToASocketThatTakesIt() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    viewer.relay(packet("small"));
    viewers.run();

    assertThat(socket.events()).containsExactly("typing_started");
  }

  @Test
  void keepsAFewSmallRelaysForASocketBetweenTwoPolls() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    socket.takesOnly(0);
    viewer.relay(packet("x".repeat(3_000)));
    for (int i = 0; i < 20; i++) {
      viewer.relay(packet("small " + i));
    }
    viewers.run();
    assertThat(socket.packets()).isEmpty();

    socket.takesEverything();
    viewer.drain(System.nanoTime());
    assertThat(socket.sent()).hasSize(8).allMatch(sent -> sent.text("x").startsWith("small "));
  }

  @Test
  void beatsWithTheTickerAsLongAsThereIsSomethingToTell() {
    try (var timed = new Viewers(Duration.ofMillis(1))) {
      timed.joined(socket, StreamMode.FULL);
      var turn = timed.hand.post("hello", "a").starts(0).says(0, "a");
      timed.run();
      for (int beat = 1; beat <= 3; beat++) {
        turn.says(0, "b").says(0, "c");
        timed.run();
        long started = System.nanoTime();
        while (System.nanoTime() - started < Duration.ofMillis(2).toNanos()) {
          Thread.onSpinWait(); // a chunk is due by real time; the beat comes by the loop's
        }
        timed.pass(Duration.ofMillis(1));

        assertThat(socket.last().text("fullContent")).isEqualTo("a" + "bc".repeat(beat));
      }
    }
  }

  private static EncodedPacket packet(String text) {
    return EncodedPacket.event("/", "typing_started", Map.of("x", text));
  }
}
