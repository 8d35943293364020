package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.ModelId;
import dev.askape.chat.Party;
import dev.askape.chat.SessionViewer.Reason;
import dev.askape.chat.TurnRecord;
import dev.askape.json.ChatJson;
import dev.askape.socketio.Ack;
import dev.askape.socketio.EncodedPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ViewerTest {
  private static final Party ANNA = new Party.User("anna");

  /// So long that no second chunk is due before the test moves the time.
  private static final Duration MERGE = Duration.ofHours(1);

  @AutoClose private final Viewers viewers = new Viewers(MERGE);
  private final FakeSocket socket = new FakeSocket();
  private final List<String> done = new ArrayList<>();

  private static long afterMerge() {
    return System.nanoTime() + MERGE.toNanos();
  }

  @Test
  void hearsOfEverythingThatHappens() {
    viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "Hi").completes(0);
    viewers.run();

    assertThat(socket.events())
        .containsExactly(
            "user_message",
            "streaming_started",
            "model_streaming_start",
            "message_chunk",
            "model_streaming_complete",
            "all_responses_complete");
    assertThat(socket.sent().getFirst().text("messageId"))
        .isEqualTo(turn.turn().messageId().value());
  }

  @Test
  void hearsNothingBeforeItIsOpen() {
    var viewer = viewers.viewer(socket, StreamMode.FULL);
    var joined = viewers.hand.join(viewer);
    viewers.hand.post("hello", "a").starts(0).says(0, "Hi");
    viewers.run();
    assertThat(socket.packets()).isEmpty();

    viewer.open(joined, Map.of());
    assertThat(socket.events())
        .containsExactly(
            "user_message", "streaming_started", "model_streaming_start", "message_chunk");
  }

  @Test
  void hearsWhatRunsFromItsStartWhenItJoinsInTheMiddle() {
    viewers.hand.post("over", "a").starts(0).says(0, "past").completes(0);
    viewers.hand.post("hello", "a", "b").starts(0, 1).thinks(1, "hm").says(0, "Hi ").completes(1);
    viewers.joined(socket, StreamMode.FULL);

    assertThat(socket.events())
        .containsExactly(
            "streaming_started",
            "model_streaming_start",
            "message_chunk",
            "model_streaming_start",
            "model_thinking",
            "model_streaming_complete");
    assertThat(socket.sent("message_chunk").getFirst().text("fullContent")).isEqualTo("Hi ");
  }

  @Test
  void goesOnFromTheCursorsOfAClientThatKnowsSome() {
    viewers.hand.post("hello", "a").starts(0).says(0, "Hello you");
    viewers.joined(socket, StreamMode.DELTA, Map.of("s/1/0", 5));

    assertThat(socket.last().text("chunk")).isEqualTo(" you");
    assertThat(socket.last().number("offset")).isEqualTo(5);
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
  void tellsWhatEndedBeforeAMessageBeforeThatMessage() {
    var viewer = viewers.joined(socket, StreamMode.FULL);
    socket.takesOnly(0);
    viewers.hand.post("one", "a").starts(0).completes(0);
    viewers.hand.post("two", "a");
    viewers.run();
    socket.takesEverything();
    viewer.drain(afterMerge());

    assertThat(socket.events())
        .containsSubsequence(
            "user_message", "all_responses_complete", "user_message", "streaming_started");
  }

  @Test
  void tellsTheSenderThatItIsSavedInsteadOfTheMessage() {
    viewers.joined(socket, StreamMode.FULL);
    var other = new FakeSocket();
    viewers.joined(other, StreamMode.FULL);
    var sending = new Sending(socket, new Reply("message", ack(), socket));
    viewers.hand.post(sending, ANNA, "hello", "a");
    viewers.run();

    assertThat(socket.events()).containsExactly("message_saved", "streaming_started");
    assertThat(other.events()).containsExactly("user_message", "streaming_started");
    assertThat(done)
        .containsExactly("{\"ok\":true,\"id\":\"u1\",\"stored\":\"memory\",\"messageId\":\"m1\"}");
    assertThat(socket.sent().getFirst().payload().get("durable").booleanValue()).isTrue();
  }

  private Ack ack() {
    return new Ack() {
      @Override
      public boolean wanted() {
        return true;
      }

      @Override
      public void send(Object... args) {
        done.add(args[0].toString());
      }
    };
  }

  @Test
  void tellsTheHistoryWithAFirstMessageThatComesInTime() {
    var viewer = viewers.viewer(socket, StreamMode.FULL);
    var joined = viewers.hand.join(viewer);
    viewer.awaitFirstMessage(this::tellHistory);
    viewer.open(joined, Map.of());
    viewers.hand.post("hello", "a").starts(0).says(0, "Hi");
    viewers.run();

    assertThat(socket.events())
        .containsExactly(
            "session_history", "streaming_started", "model_streaming_start", "message_chunk");
    assertThat(history(socket.sent().getFirst())).containsExactly("hello", "");
    viewer.tellHistory();
    assertThat(socket.sent("session_history")).hasSize(1);
  }

  private void tellHistory(List<TurnRecord> turns) {
    socket.send(ServerEvents.sessionHistory(ChatJson.history(turns)));
  }

  private static List<String> history(Sent sent) {
    var contents = new ArrayList<String>();
    for (JsonNode entry : sent.payload()) {
      contents.add(entry.get("content").textValue());
    }
    return contents;
  }

  @Test
  void tellsTheSenderThatItIsSavedBeforeTheHistoryThatHasIt() {
    var viewer = viewers.viewer(socket, StreamMode.FULL);
    var joined = viewers.hand.join(viewer);
    viewer.awaitFirstMessage(this::tellHistory);
    viewer.open(joined, Map.of());
    viewers.hand.post(new Sending(socket, new Reply("message", ack(), socket)), ANNA, "hello", "a");
    viewers.run();

    assertThat(socket.events())
        .containsExactly("message_saved", "session_history", "streaming_started");
  }

  @Test
  void tellsAnEmptyHistoryWhenNoMessageComes() {
    var viewer = viewers.viewer(socket, StreamMode.FULL);
    var joined = viewers.hand.join(viewer);
    viewer.awaitFirstMessage(this::tellHistory);
    viewer.open(joined, Map.of());
    viewers.run();
    assertThat(socket.packets()).isEmpty();

    viewer.tellHistory();
    viewers.hand.post("hello", "a");
    viewers.run();
    assertThat(socket.events())
        .containsExactly("session_history", "user_message", "streaming_started");
    assertThat(history(socket.sent().getFirst())).isEmpty();
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

  private static EncodedPacket packet(String text) {
    return EncodedPacket.event("/", "typing_started", Map.of("x", text));
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
}
