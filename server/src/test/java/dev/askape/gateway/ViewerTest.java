package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.Party;
import dev.askape.chat.TurnRecord;
import dev.askape.json.ChatJson;
import dev.askape.socketio.Ack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a viewer tells, in which order.
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
}
