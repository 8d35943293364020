package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ModelId;
import dev.askape.chat.SessionViewer.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a viewer needs of the log, tells again, and owes.
class ViewerLogTest {
  /// So long that no second chunk is due before the test moves the time.
  private static final Duration MERGE = Duration.ofHours(1);

  @AutoClose private final Viewers viewers = new Viewers(MERGE);
  private final FakeSocket socket = new FakeSocket();
  private final List<String> done = new ArrayList<>();

  private static long afterMerge() {
    return System.nanoTime() + MERGE.toNanos();
  }

  @Test
  void tellsATurnAgainFromItsStart() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "Hi").completes(0);
    viewers.run();
    socket.forget();

    viewer.replay(turn.turn());

    assertThat(socket.events())
        .containsExactly(
            "streaming_started",
            "model_streaming_start",
            "message_chunk",
            "model_streaming_complete",
            "all_responses_complete");
  }

  @Test
  void tellsARunningTurnAgainAndThenOn() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "Hi");
    viewers.run();
    socket.forget();
    viewer.replay(turn.turn());
    assertThat(socket.last().text("chunk")).isEqualTo("Hi");
    turn.completes(0);
    viewers.run();

    assertThat(socket.events())
        .containsExactly(
            "streaming_started",
            "model_streaming_start",
            "message_chunk",
            "model_streaming_complete",
            "all_responses_complete");
  }

  @Test
  void closesASocketThatLetsTooManyTurnsWait() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    socket.takesOnly(0);
    for (int i = 0; i < 65; i++) {
      var turn = viewers.hand.post("hello " + i, "a").completes(0);
      viewer.replay(turn.turn());
    }

    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void keepsAPromiseOnceTheAnswersEndIsTold() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a", "b").starts(0, 1).says(0, "Hi");
    viewers.run();
    viewer.afterTelling(turn.turn(), Optional.of(new ModelId("a")), () -> done.add("a"));
    viewer.afterTelling(turn.turn(), Optional.empty(), () -> done.add("all"));
    viewer.afterTelling(turn.turn(), Optional.of(new ModelId("none")), () -> done.add("none"));
    assertThat(done).containsExactly("none");

    socket.takesOnly(0);
    turn.completes(0);
    viewers.run();
    assertThat(done).containsExactly("none");
    socket.takesEverything();
    viewer.drain(afterMerge());
    assertThat(done).containsExactly("none", "a");

    turn.completes(1);
    viewers.run();
    assertThat(done).containsExactly("none", "a", "all");
    assertThat(socket.last().event()).isEqualTo("all_responses_complete");
  }

  @Test
  void keepsAPromiseAboutATurnThatIsStillToCome() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    socket.takesOnly(0);
    var turn = viewers.hand.post("hello", "a").starts(0);
    viewers.run();
    viewer.afterTelling(turn.turn(), Optional.empty(), () -> done.add("told"));
    assertThat(done).isEmpty();

    turn.completes(0);
    socket.takesEverything();
    viewer.drain(afterMerge());
    assertThat(done).containsExactly("told");
  }

  @Test
  void keepsAPromiseAboutATurnThatWasToldAtOnce() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").completes(0).starts(0);
    viewers.run();

    viewer.afterTelling(turn.turn(), Optional.empty(), () -> done.add("told"));

    assertThat(done).containsExactly("told");
  }

  @Test
  void keepsItsPromisesWhenItIsClosed() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0);
    viewers.run();
    viewer.afterTelling(turn.turn(), Optional.empty(), () -> done.add("closed"));
    viewer.close();

    assertThat(done).containsExactly("closed");
    socket.forget();
    turn.says(0, "Hi").completes(0);
    viewers.run();
    assertThat(socket.packets()).isEmpty();
    assertThat(viewer.needsFrom()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void tellsWhyItWasDroppedOnce() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    viewer.dropped(Reason.DELETED);
    viewer.dropped(Reason.TOO_FAR_BEHIND);
    viewers.run();
    viewers.hand.post("hello", "a");
    viewers.run();

    assertThat(viewers.dropped).containsExactly(Reason.DELETED);
    assertThat(socket.packets()).isEmpty();
  }

  @Test
  void isDroppedWhenItIsTooFarBehind() {
    viewers.joined(socket, StreamMode.FULL);
    socket.takesOnly(2);
    var turn = viewers.hand.post("hello", "a").starts(0);
    viewers.run();
    turn.says(0, "Hi").completes(0);
    viewers.run();
    viewers.hand.trim();
    viewers.run();
    assertThat(viewers.dropped).isEmpty();

    viewers.clock.move(Duration.ofMinutes(2).plusMillis(1));
    viewers.hand.trim();
    viewers.run();
    assertThat(viewers.dropped).containsExactly(Reason.TOO_FAR_BEHIND);
  }

  @Test
  void needsNothingOfTheLogThatItHasTold() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    var first = viewers.hand.post("one", "a").starts(0);
    var second = viewers.hand.post("two", "a").starts(0);
    viewers.run();
    assertThat(viewer.needsFrom()).isEqualTo(1);
    second.completes(0);
    viewers.run();
    assertThat(viewer.needsFrom()).isEqualTo(1);
    first.completes(0);
    viewers.run();
    assertThat(viewer.needsFrom()).isEqualTo(5);

    viewers.clock.move(Duration.ofMinutes(3));
    viewers.hand.trim();
    viewers.run();
    assertThat(viewers.dropped).isEmpty();
    assertThat(viewers.hand.session().turnsFrom(0)).isEmpty();
    viewers.hand.post("three", "a");
    viewers.run();
    assertThat(socket.last().event()).isEqualTo("streaming_started");
  }

  @Test
  void needsNothingOfWhatWasOverWhenItJoined() {
    viewers.hand.post("one", "a").starts(0).completes(0);
    var viewer = viewers.joined(socket, StreamMode.FULL);
    assertThat(viewer.needsFrom()).isEqualTo(3);

    viewers.hand.trim();
    assertThat(viewers.hand.session().turnsFrom(0)).isEmpty();
  }

  @Test
  void isNotDroppedForWhatWasOverWhenItJoined() {
    var behind = viewers.viewer(new FakeSocket(), StreamMode.FULL); // keeps the log
    viewers.hand.join(behind);
    viewers.hand.post("one", "a").starts(0).completes(0);
    viewers.joined(socket, StreamMode.FULL);
    viewers.clock.move(Duration.ofMinutes(3));
    viewers.hand.trim();
    viewers.run();

    assertThat(viewers.dropped).containsExactly(Reason.TOO_FAR_BEHIND);
    assertThat(viewers.hand.session().viewers()).hasSize(1).doesNotContain(behind);
  }
}
