package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.HandSession;
import dev.askape.chat.ModelId;
import dev.askape.chat.MovedClock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A viewer's position in one turn, with the time given by hand.
class TurnCursorTest {
  private static final long MERGE = TimeUnit.MILLISECONDS.toNanos(25);
  private static final Pace FULL = new Pace(true, MERGE, 128_000);
  private static final Pace DELTA = new Pace(false, MERGE, 128_000);
  private static final Pace AT_ONCE = new Pace(true, 0, 128_000);

  private final HandSession hand = new HandSession("s", new MovedClock());
  private final HandSession.HandTurn turn = hand.post("q", "a", "b");
  private final AnswerRendering.Cache renderings = new AnswerRendering.Cache();
  private final FakeSocket socket = new FakeSocket();
  private TurnCursor cursor = cursor(FULL, Map.of());
  private long now = 1_000_000_000;

  private TurnCursor cursor(Pace pace, Map<String, Integer> known) {
    return new TurnCursor(turn.turn(), renderings, pace, known);
  }

  private boolean drain() {
    return cursor.drain(socket, now);
  }

  private boolean drainAfter(long nanos) {
    now += nanos;
    return drain();
  }

  @Test
  void tellsATurnFromItsStartToItsEnd() {
    drain();
    turn.starts(0, 1);
    drain();
    turn.thinks(0, "hm").says(0, "Hi");
    drain();
    turn.completes(0).fails(1, ErrorType.TIMEOUT);
    drainAfter(MERGE);

    assertThat(socket.events())
        .containsExactly(
            "streaming_started",
            "model_streaming_start",
            "model_streaming_start",
            "model_thinking",
            "message_chunk",
            "model_streaming_complete",
            "model_error",
            "all_responses_complete");
    assertThat(cursor.isDone()).isTrue();
    assertThat(socket.last().number("modelsCompleted")).isEqualTo(1);
  }

  @Test
  void tellsNothingOfAnAnswerThatWasNotStarted() {
    turn.starts(1).says(0, "too early");
    drain();

    assertThat(socket.events()).containsExactly("streaming_started", "model_streaming_start");
    assertThat(socket.last().text("modelId")).isEqualTo("b");
  }

  @Test
  void tellsTheFirstFragmentAtOnceAndThenOneChunkABeat() {
    turn.starts(0, 1).says(0, "a");
    assertThat(drain()).isFalse();
    assertThat(socket.sent("message_chunk")).hasSize(1);

    turn.says(0, "b");
    assertThat(drainAfter(MERGE / 2)).as("something is left").isTrue();
    turn.says(0, "c");
    assertThat(drainAfter(MERGE / 2 - 1)).isTrue();
    assertThat(socket.sent("message_chunk")).hasSize(1);

    assertThat(drainAfter(1)).isFalse();
    assertThat(socket.sent("message_chunk")).hasSize(2);
    assertThat(socket.last().text("chunk")).isEqualTo("bc");
    assertThat(socket.last().text("fullContent")).isEqualTo("abc");
    assertThat(socket.last().number("chunkIndex")).isEqualTo(3);
  }

  @Test
  void pacesEachAnswerByItself() {
    turn.starts(0, 1).says(0, "a");
    drain();
    turn.says(0, "x").says(1, "b");
    drainAfter(MERGE / 2);

    assertThat(socket.sent("message_chunk"))
        .extracting(sent -> sent.text("fullContent"))
        .containsExactly("a", "b");
  }

  @Test
  void tellsEveryFragmentAtOnceWhenNothingIsMerged() {
    cursor = cursor(AT_ONCE, Map.of());
    turn.starts(0, 1);
    for (int i = 0; i < 5; i++) {
      turn.says(0, "x".repeat(10_000));
      assertThat(drain()).isFalse();
    }

    assertThat(socket.sent("message_chunk")).hasSize(5);
  }

  @Test
  void repeatsALongTextLessOftenSoThatItCostsSoMuchASecondOnly() {
    turn.starts(0, 1).says(0, "x".repeat(16_000));
    drain();
    turn.says(0, "y");
    long interval = 16_000 * TimeUnit.SECONDS.toNanos(1) / 128_000; // 125 ms

    assertThat(drainAfter(interval - 1)).isTrue();
    assertThat(socket.sent("message_chunk")).hasSize(1);
    assertThat(drainAfter(1)).isFalse();
    assertThat(socket.sent("message_chunk")).hasSize(2);
  }

  @Test
  void tellsTheLastChunkWithoutWaitingForWhatRepeatingCosts() {
    turn.starts(0, 1).says(0, "x".repeat(16_000));
    drain();
    turn.says(0, "y").completes(0);
    assertThat(drainAfter(MERGE - 1)).isTrue();
    assertThat(socket.sent("model_streaming_complete")).isEmpty();

    assertThat(drainAfter(1)).isFalse();
    assertThat(socket.events()).endsWith("message_chunk", "model_streaming_complete");
  }

  @Test
  void doesNotSlowDownDeltasOfALongText() {
    cursor = cursor(DELTA, Map.of());
    turn.starts(0, 1).says(0, "x".repeat(16_000));
    drain();
    turn.says(0, "y");
    drainAfter(MERGE);

    assertThat(socket.last().payload())
        .isEqualTo(
            Sent.parsed(
                """
                {"id": "s/1/0", "offset": 16000, "chunk": "y", "chunkIndex": 2}\
                """));
  }

  @Test
  void buildsNothingWhileTheSocketTakesNoMore() {
    socket.takesOnly(0);
    turn.starts(0, 1);
    for (int i = 0; i < 100; i++) {
      turn.says(0, "word ");
      assertThat(drainAfter(MERGE)).isFalse();
    }

    assertThat(socket.packets()).isEmpty();
    assertThat(socket.sentUnasked()).isZero();
  }

  @Test
  void catchesUpInOneChunkForEachAnswer() {
    turn.starts(0, 1).says(0, "a0 ").says(1, "b0 ");
    drain();
    socket.takesOnly(0);
    for (int i = 1; i < 50; i++) {
      turn.says(0, "a" + i + " ").says(1, "b" + i + " ");
      drainAfter(MERGE);
    }
    socket.forget();
    socket.takesEverything();
    drainAfter(MERGE);

    assertThat(socket.events()).containsExactly("message_chunk", "message_chunk");
    assertThat(socket.sent().getFirst().text("chunk")).startsWith("a1 ").endsWith("a49 ");
    assertThat(socket.last().text("fullContent")).startsWith("b0 b1 ").endsWith("b49 ");
    assertThat(socket.last().number("chunkIndex")).isEqualTo(50);
  }

  /// Wherever the socket stops taking more, what comes is the same and in the same order.
  @Test
  void goesOnWhereTheSocketStoppedIt() {
    turn.starts(0, 1).thinks(0, "hm").says(0, "Hi").completes(0).says(1, "Ho").completes(1);
    var all = new FakeSocket();
    cursor(FULL, Map.of()).drain(all, now);
    for (int limit = 1; limit <= all.packets().size(); limit++) {
      var some = new FakeSocket();
      var each = cursor(FULL, Map.of());
      while (!each.isDone()) {
        some.takesOnly(limit);
        each.drain(some, now);
      }

      assertThat(some.sentUnasked()).isZero();
      assertThat(byAnswer(some, "a")).isEqualTo(byAnswer(all, "a"));
      assertThat(byAnswer(some, "b")).isEqualTo(byAnswer(all, "b"));
      assertThat(some.events().getFirst()).isEqualTo("streaming_started");
      assertThat(some.events().getLast()).isEqualTo("all_responses_complete");
    }
  }

  private static Object byAnswer(FakeSocket socket, String model) {
    return socket.sent().stream()
        .filter(sent -> sent.payload().path("modelId").asText().equals(model))
        .toList();
  }

  @Test
  void goesOnFromWhatTheClientHas() {
    turn.starts(0).says(0, "é😀 and more");
    cursor = cursor(DELTA, Map.of("s/1/0", 4, "s/1/1", 0));
    drain();

    assertThat(socket.last().number("offset")).isEqualTo(4);
    assertThat(socket.last().text("chunk")).isEqualTo("and more");
  }

  @Test
  void tellsNothingToAClientThatHasItAllButTheEnd() {
    turn.starts(0, 1).says(0, "all").completes(0);
    cursor = cursor(DELTA, Map.of("s/1/0", 3));
    drain();

    assertThat(socket.sent("message_chunk")).isEmpty();
    assertThat(socket.sent("model_streaming_complete")).hasSize(1);
  }

  @Test
  void startsAnewWhereTheClientClaimsMoreThanThereIs() {
    turn.starts(0).says(0, "text");
    cursor = cursor(DELTA, Map.of("s/1/0", 5));
    drain();

    assertThat(socket.last().number("offset")).isZero();
    assertThat(socket.last().text("chunk")).isEqualTo("text");
  }

  @Test
  void startsBeforeAPairThatTheClientHasHalfOf() {
    turn.starts(0).says(0, "a😀b");
    cursor = cursor(DELTA, Map.of("s/1/0", 2));
    drain();

    assertThat(socket.last().number("offset")).isEqualTo(1);
    assertThat(socket.last().text("chunk")).isEqualTo("😀b");
  }

  @Test
  void doesNotEndATurnBeforeItsLastAnswerIsTold() {
    turn.starts(0, 1).says(0, "x").completes(0).completes(1);
    socket.takesOnly(4);
    drain();
    assertThat(socket.events()).doesNotContain("all_responses_complete");
    assertThat(cursor.isDone()).isFalse();
    assertThat(cursor.hasTold(new ModelId("b"))).isFalse();

    socket.takesEverything();
    drain();
    assertThat(socket.events()).endsWith("all_responses_complete");
    assertThat(cursor.hasTold(new ModelId("a"))).isTrue();
    assertThat(cursor.hasTold(new ModelId("b"))).isTrue();
  }

  @Test
  void doesNotEndATurnThatIsNotOver() {
    turn.starts(0, 1).completesUncounted(0).completesUncounted(1).counts();
    drain();
    assertThat(socket.sent("model_streaming_complete")).hasSize(2);
    assertThat(socket.sent("all_responses_complete")).isEmpty();

    turn.counts();
    drain();
    assertThat(socket.sent("all_responses_complete")).hasSize(1);
  }

  @Test
  void keepsTheLogLongOnlyWhenItBeganWhileTheTurnRan() {
    assertThat(cursor.needsLog()).isTrue();
    turn.completes(0).completes(1);

    assertThat(cursor.needsLog()).isTrue();
    assertThat(cursor(FULL, Map.of()).needsLog()).isFalse();
  }

  @Test
  void saysWhenTheStoreDoesNotHaveTheEnd() {
    turn.starts(0, 1).completesUnstored(0).completes(1);
    drain();

    var complete = socket.sent("model_streaming_complete");
    assertThat(complete.getFirst().text("stored")).isEqualTo("failed");
    assertThat(complete.getLast().payload().has("stored")).isFalse();
  }
}
