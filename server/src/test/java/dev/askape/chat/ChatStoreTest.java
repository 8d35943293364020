package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.ending;
import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.TestChat.refusal;
import static dev.askape.chat.TestChat.value;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.WatchedStore.Call;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A store that fails or is slow.
class ChatStoreTest {
  @AutoClose private final TestChat test = new TestChat("a", "b");
  private final Chat chat = test.chat;
  private final WatchedStore store = test.store;

  @Test
  void saysThatAMessageWasNotSavedAndRunsNoTurn() {
    var viewer = new RecordingViewer();
    var session = chat.join(S, ANNA, viewer).joined().orElseThrow().session();
    store.fail(Call.ACCEPT, 1);

    assertThat(refusal(chat.post(message(S, ANNA, "hello", "a"))))
        .isEqualTo(new Refusal.NotSaved());
    assertThat(session.turnsFrom(0)).isEmpty();
    assertThat(viewer.wakes.get()).isZero();
    assertThat(test.model("a").asked()).isZero();
    assertThat(chat.runningAnswers()).isZero();
  }

  @Test
  void takesTheMessageWhenItIsSentAgain() {
    var id = Optional.of(new ClientMessageId("c1"));
    store.fail(Call.ACCEPT, 1);
    chat.post(message(S, ANNA, "hello", id, "a"));

    var turn = test.accepted(message(S, ANNA, "hello", id, "a"));

    assertThat(turn.seq()).isEqualTo(1);
  }

  @Test
  void releasesTheLimitsOfWhatWasNotSaved() {
    try (var limited =
        new TestChat(
            s -> {
              s.turnsPerIdentity = 1;
              s.answers = 2;
            },
            "a")) {
      limited.store.fail(Call.ACCEPT, 3);
      for (int i = 0; i < 3; i++) {
        assertThat(refusal(limited.chat.post(message(S, ANNA, "hello", "a", "no/such"))))
            .isEqualTo(new Refusal.NotSaved());
      }

      limited.post(ANNA, "hello", "a", "no/such");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"ACCEPT", "FIND_REPEATED"})
  void saysThatAMessageWasNotSavedWhicheverCallFails(Call call) {
    test.said(ANNA, "before", "a", "hi");
    store.fail(call, 1);
    var id = Optional.of(new ClientMessageId("c1"));

    assertThat(refusal(chat.post(message(S, ANNA, "hello", id, "a"))))
        .isEqualTo(new Refusal.NotSaved());
    assertThat(chat.runningAnswers()).isZero();
  }

  @Test
  void saysThatAMessageWasNotSavedWhenTheSessionCannotBeRead() {
    store.fail(Call.FIND_SESSION, 1);

    assertThat(refusal(chat.post(message(S, ANNA, "hello", "a"))))
        .isEqualTo(new Refusal.NotSaved());
    test.post(ANNA, "hello", "a");
  }

  @Test
  void throwsWhenItCannotSay() {
    store.fail(Call.FIND_SESSION, 1);

    assertThatThrownBy(() -> chat.join(S, ANNA, new RecordingViewer()))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void tellsAnAnswersEndAfterItIsStored() {
    var turn = test.post(ANNA, "hello", "a");
    var answer = turn.answers().getFirst();
    try (var hold = store.hold(Call.END_ANSWER)) {
      var call = test.model("a").nextCall();
      call.says("Hi");
      call.finishes();
      hold.awaitReached();

      assertThat(answer.ending()).isEmpty();
      assertThat(turn.isOver()).isFalse();
      assertThat(chat.runningAnswers()).isEqualTo(1);
    }

    assertThat(ending(answer).stored()).isTrue();
    assertThat(test.stored(turn).answers().getFirst().content()).isEqualTo("Hi");
  }

  @Test
  void tellsAnAnswersEndAllTheSameWhenStoringTakesTooLong() {
    try (var slow = new TestChat(s -> s.storeWait = Duration.ofMillis(20), "a", "b")) {
      var turn = slow.post(ANNA, "hello", "a", "b");
      var viewer = new RecordingViewer();
      var session = slow.chat.join(S, ANNA, viewer).joined().orElseThrow().session();
      try (var hold = slow.store.hold(Call.END_ANSWER)) {
        for (var model : new String[] {"a", "b"}) {
          var call = slow.model(model).nextCall();
          call.says("Hi");
          call.finishes();
        }
        hold.awaitReached();
        TestChat.awaitOver(turn);

        for (var answer : turn.answers()) {
          assertThat(ending(answer).stored()).isFalse();
          assertThat(ending(answer).state()).isEqualTo(AnswerState.COMPLETED);
        }
        assertThat(slow.stored(turn).running()).isTrue();
        session.trim(slow.clock.instant());
        assertThat(session.turnsFrom(0)).as("kept until it is stored").containsExactly(turn);
      }

      soon().until(() -> slow.store.ended().size() == 2);
      assertThat(slow.stored(turn).running()).isFalse();
      assertThat(slow.stored(turn).answers())
          .allMatch(answer -> answer.content().equals("Hi"))
          .allMatch(answer -> answer.state() == AnswerState.COMPLETED);
    }
  }

  @Test
  void triesAgainUntilTheStoreHasTheEnd() {
    store.fail(Call.END_ANSWER, 1);

    var turn = test.said(ANNA, "hello", "a", "Hi");

    assertThat(ending(turn.answers().getFirst()).stored()).isTrue();
    assertThat(test.stored(turn).answers().getFirst().content()).isEqualTo("Hi");
  }

  @Test
  void failsOnlyTheAnswersWhoseContextCannotBeRead() {
    test.said(ANNA, "one", "a", "1");
    store.fail(Call.LIST_TURNS, 1);

    var turn = test.post(ANNA, "two", "a");

    var ending = ending(turn.answers().getFirst());
    assertThat(ending.state()).isEqualTo(AnswerState.FAILED);
    assertThat(ending.failure().map(AnswerRecord.Failure::type)).contains(ErrorType.INTERNAL);
    test.said(ANNA, "three", "a", "3");
  }

  @Test
  void readsWhatWasSaidBeforeOnceForAllModels() {
    test.said(ANNA, "one", "a", "1");
    int before = store.made(Call.LIST_TURNS);
    test.post(ANNA, "two", "a", "b");

    assertThat(test.model("a").nextCall().prompt.messages()).hasSize(3);
    assertThat(test.model("b").nextCall().prompt.messages()).hasSize(3);
    assertThat(store.made(Call.LIST_TURNS)).isEqualTo(before + 1);
  }

  @Test
  void checkpointsOnlyWhatIsNew() {
    try (var quick = new TestChat(s -> s.housekeeping = Duration.ofMillis(2), "a", "b")) {
      var turn = quick.post(ANNA, "hello", "a", "b");
      var a = quick.model("a").nextCall();
      var b = quick.model("b").nextCall();
      var expected = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        a.says("word " + i + "😀 ");
        expected.append("word ").append(i).append("😀 ");
        int length = expected.length();
        soon().until(() -> checkpointed(quick, turn, 0, AnswerPart.Kind.TEXT) == length);
      }
      b.thinks("hm");
      soon().until(() -> checkpointed(quick, turn, 1, AnswerPart.Kind.REASONING) == 2);

      // each part begins where the last one of the same text ended, so nothing is written twice
      var said = new StringBuilder();
      for (var part : quick.store.parts()) {
        if (part.kind() == AnswerPart.Kind.TEXT) {
          assertThat(part.offset()).isEqualTo(said.length());
          said.append(part.text());
        }
      }
      assertThat(said).hasToString(expected.toString());
      var running = quick.stored(turn);
      assertThat(running.running()).isTrue();
      assertThat(running.answers().get(0).content()).isEqualTo(expected.toString());
      assertThat(running.answers().get(1).reasoning()).isEqualTo("hm");
    }
  }

  private static int checkpointed(TestChat test, Turn turn, int answer, AnswerPart.Kind kind) {
    var id = turn.answers().get(answer).id();
    return test.store.parts().stream()
        .filter(part -> part.answerId().equals(id) && part.kind() == kind)
        .mapToInt(part -> part.text().length())
        .sum();
  }

  @Test
  void writesAPartAgainThatTheStoreCouldNotTake() {
    try (var quick = new TestChat(s -> s.housekeeping = Duration.ofMillis(2), "a")) {
      var turn = quick.post(ANNA, "hello", "a");
      quick.store.fail(Call.CHECKPOINT, 3);
      quick.model("a").nextCall().says("not lost");

      soon().until(() -> !quick.store.parts().isEmpty());
      assertThat(quick.store.parts().getFirst())
          .isEqualTo(
              new AnswerPart(turn.answers().getFirst().id(), AnswerPart.Kind.TEXT, 0, "not lost"));
    }
  }

  @Test
  void letsAnswersRunOnWhileACheckpointHangs() {
    try (var quick = new TestChat(s -> s.housekeeping = Duration.ofMillis(2), "a", "b")) {
      var turn = quick.post(ANNA, "hello", "a", "b");
      var a = quick.model("a").nextCall();
      try (var hold = quick.store.hold(Call.CHECKPOINT)) {
        a.says("first");
        hold.awaitReached();
        a.says(" second");
        a.finishes();
        assertThat(ending(turn.answers().getFirst()).stored()).isTrue();
      }

      quick.model("b").nextCall().finishes();
      TestChat.awaitOver(turn);
      assertThat(quick.stored(turn).answers().getFirst().content()).isEqualTo("first second");
    }
  }

  @Test
  void showsRunningAnswersAsTheyAreNow() {
    var turn = test.post(ANNA, "hello", "a");
    test.model("a").nextCall().says("so far");

    var page = value(chat.history(S, ANNA, Optional.empty(), 50));

    assertThat(page.turns()).hasSize(1);
    assertThat(page.turns().getFirst().answers().getFirst().content()).isEqualTo("so far");
    assertThat(page.turns().getFirst().running()).isTrue();
    assertThat(turn.isOver()).isFalse();
  }
}
