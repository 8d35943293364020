package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.ending;
import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.TestChat.refusal;
import static dev.askape.chat.TestChat.value;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.WatchedStore.Call;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How answers end, each by itself.
class ChatEndingsTest {
  private static final int LIMIT = 1_000;

  @AutoClose
  private final TestChat test =
      new TestChat(s -> s.answerBytes = LIMIT, "hanging", "quick", "failing");

  private final Chat chat = test.chat;

  private static ErrorType error(Answer answer) {
    return ending(answer).failure().orElseThrow().type();
  }

  private Result<Optional<Turn>> stop(Turn turn, String... model) {
    var one = model.length == 0 ? Optional.<ModelId>empty() : Optional.of(new ModelId(model[0]));
    return chat.stop(S, ANNA, turn.messageId(), one);
  }

  @Test
  void doNotWaitForOneAnother() {
    var turn = test.post(ANNA, "hello", "hanging", "failing", "quick");
    var hanging = test.model("hanging").nextCall();
    test.model("failing").nextCall().fails(ErrorType.UNAVAILABLE);
    var quick = test.model("quick").nextCall();
    quick.says("Hi");
    quick.finishes();

    assertThat(error(turn.answers().get(1))).isEqualTo(ErrorType.UNAVAILABLE);
    assertThat(ending(turn.answers().get(2)).state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(turn.isOver()).isFalse();
    assertThat(test.stored(turn).answers())
        .extracting(AnswerRecord::state)
        .containsExactly(AnswerState.WAITING, AnswerState.FAILED, AnswerState.COMPLETED);

    test.said(ANNA, "and now?", "quick", "Hi again");
    hanging.says("at last");
    hanging.finishes();
    TestChat.awaitOver(turn);
    assertThat(test.stored(turn).running()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"INTERRUPTED"})
  void failWithTheTypeAndTheTextSoFar(ErrorType type) {
    var turn = test.post(ANNA, "hello", "failing");
    var call = test.model("failing").nextCall();
    call.says("so far");
    call.fails(type);

    var ending = ending(turn.answers().getFirst());
    assertThat(ending.state()).isEqualTo(AnswerState.FAILED);
    assertThat(ending.failure().orElseThrow().type()).isEqualTo(type);
    assertThat(ending.failure().orElseThrow().errorId()).matches("e_[0-9a-f]{16}");
    assertThat(ending.finishReason()).isEmpty();
    var kept = test.stored(turn).answers().getFirst();
    assertThat(kept.content()).isEqualTo("so far");
    assertThat(kept.error()).isEqualTo(ending.failure());
  }

  @Test
  void areOursWhenAModelHasABug() {
    var turn = test.post(ANNA, "hello", "failing", "quick");
    test.model("failing").nextCall().breaks(new IllegalStateException("a bug"));
    test.model("quick").nextCall().finishes();
    TestChat.awaitOver(turn);

    assertThat(error(turn.answers().get(0))).isEqualTo(ErrorType.INTERNAL);
    assertThat(turn.answers().get(1).state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(chat.runningAnswers()).isZero();
  }

  @Test
  void areStoppedBeforeTheFirstWord() {
    var turn = test.post(ANNA, "hello", "hanging");
    var call = test.model("hanging").nextCall();

    assertThat(value(stop(turn))).contains(turn);

    call.awaitInterrupted();
    var ending = ending(turn.answers().getFirst());
    assertThat(ending.state()).isEqualTo(AnswerState.STOPPED);
    assertThat(ending.finishReason()).contains(FinishReason.STOPPED);
    assertThat(ending.failure()).isEmpty();
    assertThat(ending.firstTokenMs()).isEmpty();
    assertThat(ending.stored()).isTrue();
    assertThat(test.stored(turn).answers().getFirst().state()).isEqualTo(AnswerState.STOPPED);
  }

  @Test
  void areStoppedBeforeTheModelIsAsked() {
    test.said(ANNA, "one", "quick", "1");
    Turn turn;
    try (var hold = test.store.hold(Call.LIST_TURNS)) {
      turn = test.post(ANNA, "two", "hanging");
      hold.awaitReached();
      stop(turn);
    }

    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.STOPPED);
    assertThat(test.model("hanging").asked()).isZero();
  }

  @Test
  void keepTheTextSoFarWhenStoppedAndTakeNoMore() {
    var turn = test.post(ANNA, "hello", "hanging");
    var call = test.model("hanging").nextCall();
    call.ignoresInterrupts();
    call.says("so far");
    stop(turn);
    call.awaitInterrupted();

    assertThat(call.says(" and more")).isFalse();
    assertThat(call.thinks("still")).isFalse();
    call.finishes();
    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.STOPPED);
    assertThat(test.stored(turn).answers().getFirst().content()).isEqualTo("so far");
    assertThat(test.stored(turn).answers().getFirst().reasoning()).isEmpty();
  }

  @Test
  void areStoppedOneByOne() {
    var turn = test.post(ANNA, "hello", "hanging", "quick");
    test.model("hanging").nextCall();
    var quick = test.model("quick").nextCall();

    stop(turn, "hanging");

    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.STOPPED);
    assertThat(quick.says("still here")).isTrue();
    quick.finishes();
    assertThat(ending(turn.answers().get(1)).state()).isEqualTo(AnswerState.COMPLETED);
  }

  @Test
  void areStoppedByEitherIdOfTheirTurn() {
    var turn = test.post(ANNA, "hello", "hanging");
    test.model("hanging").nextCall();

    assertThat(value(chat.stop(S, ANNA, turn.userMessageId(), Optional.empty()))).contains(turn);
    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.STOPPED);
  }

  @Test
  void areStoppedOnceHoweverOften() {
    var turn = test.post(ANNA, "hello", "hanging");
    test.model("hanging").nextCall().says("a");
    stop(turn);
    stop(turn);
    TestChat.awaitOver(turn);

    assertThat(value(stop(turn))).isEmpty();
    assertThat(value(stop(turn, "hanging"))).isEmpty();
    assertThat(turn.answers().getFirst().state()).isEqualTo(AnswerState.STOPPED);
  }

  @Test
  void stayCompletedWhenStoppedTooLate() {
    var turn = test.said(ANNA, "hello", "quick", "Hi");
    soon().until(() -> chat.runningAnswers() == 0);

    assertThat(value(stop(turn))).isEmpty();
    assertThat(turn.answers().getFirst().state()).isEqualTo(AnswerState.COMPLETED);
  }

  @Test
  void areNotInterruptedWhileTheyAreStored() {
    var turn = test.post(ANNA, "hello", "quick");
    try (var hold = test.store.hold(Call.END_ANSWER)) {
      var call = test.model("quick").nextCall();
      call.says("Hi");
      call.finishes();
      hold.awaitReached();
      stop(turn);
    }

    var ending = ending(turn.answers().getFirst());
    assertThat(ending.stored()).isTrue();
    assertThat(ending.state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(test.stored(turn).answers().getFirst().state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(test.store.madeWhileInterrupted()).isEmpty();
  }

  @Test
  void areStoredThoughTheInterruptCameTooLateForTheModel() {
    var turn = test.post(ANNA, "hello", "quick");
    test.model("quick").nextCall().finishesInterrupted();

    assertThat(ending(turn.answers().getFirst()).stored()).isTrue();
    assertThat(test.store.madeWhileInterrupted()).isEmpty();
    assertThat(test.stored(turn).running()).isFalse();
  }

  @Test
  void areNotStoppedInATurnThatIsNotThere() {
    test.said(ANNA, "hello", "quick", "Hi");

    assertThat(refusal(chat.stop(S, ANNA, new MessageId("none"), Optional.empty())))
        .isEqualTo(new Refusal.NotFound());
  }

  @Test
  void areNotStoppedThroughAnotherSession() {
    var turn = test.post(ANNA, "hello", "hanging");
    var call = test.model("hanging").nextCall();
    var other = new SessionId("other");
    chat.join(other, TestChat.BERT, new RecordingViewer());

    assertThat(refusal(chat.stop(other, TestChat.BERT, turn.messageId(), Optional.empty())))
        .isEqualTo(new Refusal.NotFound());
    assertThat(call.says("still running")).isTrue();
  }

  @Test
  void areTooLargeBeyondTheLimitOfBytes() {
    var turn = test.post(ANNA, "hello", "quick");
    var call = test.model("quick").nextCall();
    assertThat(call.says("é".repeat(LIMIT / 4))).isTrue(); // two bytes each
    assertThat(call.thinks("x".repeat(LIMIT / 2))).isTrue();
    assertThat(call.says("x")).isFalse();
    assertThat(call.says("y")).isFalse();
    call.finishes();

    assertThat(error(turn.answers().getFirst())).isEqualTo(ErrorType.TOO_LARGE);
    assertThat(test.stored(turn).answers().getFirst().content()).isEqualTo("é".repeat(LIMIT / 4));
  }

  @Test
  void countPairsAndThreeByteCharactersAsTheyAre() {
    var turn = test.post(ANNA, "hello", "quick");
    var call = test.model("quick").nextCall();
    for (int i = 0; i < LIMIT / 8; i++) {
      assertThat(call.says("\uD83D")).isTrue();
      assertThat(call.says("\uDE00")).isTrue();
    }
    assertThat(call.says("漢".repeat(LIMIT / 6))).isTrue();
    assertThat(call.says("ab")).isTrue(); // 500 + 498 + 2: the limit exactly
    assertThat(call.says("c")).isFalse();
    call.finishes();

    assertThat(error(turn.answers().getFirst())).isEqualTo(ErrorType.TOO_LARGE);
  }

  @Test
  void completeWithinTheGraceOfADrain() {
    var turn = test.post(ANNA, "hello", "quick");
    var call = test.model("quick").nextCall();
    var draining = Thread.ofVirtual().start(() -> chat.drain(Duration.ofSeconds(20)));
    var refused = new PostResult.Refused(new Refusal.ShuttingDown());
    soon().until(() -> chat.post(message(S, ANNA, "no more", "no/such")).equals(refused));
    call.says("just in time");
    call.finishes();

    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.COMPLETED);
    soon().until(() -> !draining.isAlive());
  }

  @Test
  void areInterruptedAfterTheGraceOfADrainWithTheTextSoFar() {
    var turn = test.post(ANNA, "hello", "hanging");
    test.model("hanging").nextCall().says("so far");

    chat.drain(Duration.ofMillis(5));

    var answer = turn.answers().getFirst();
    assertThat(answer.state()).isEqualTo(AnswerState.INTERRUPTED);
    assertThat(error(answer)).isEqualTo(ErrorType.INTERRUPTED);
    assertThat(ending(answer).stored()).isTrue();
    var kept = test.stored(turn);
    assertThat(kept.running()).isFalse();
    assertThat(kept.answers().getFirst().state()).isEqualTo(AnswerState.INTERRUPTED);
    assertThat(kept.answers().getFirst().content()).isEqualTo("so far");
    assertThat(chat.runningAnswers()).isZero();
  }

  @Test
  void repeatAMessageEvenWhileDraining() {
    var id = Optional.of(new ClientMessageId("c1"));
    var first = test.accepted(message(S, ANNA, "hello", id, "quick"));
    test.model("quick").nextCall().finishes();
    TestChat.awaitOver(first);
    chat.drain(Duration.ZERO);

    assertThat(chat.post(message(S, ANNA, "hello", id, "quick")))
        .isEqualTo(new PostResult.Repeated(first));
  }

  @Test
  void comeAlsoWhenTheChatIsClosedWithoutADrain() {
    try (var abrupt = new TestChat("hanging")) {
      var turn = abrupt.post(ANNA, "hello", "hanging");
      abrupt.model("hanging").nextCall().says("so far");

      abrupt.chat.close();

      var answer = turn.answers().getFirst();
      assertThat(ending(answer).state()).isEqualTo(AnswerState.INTERRUPTED);
      assertThat(turn.isOver()).isTrue();
      assertThat(abrupt.chat.runningAnswers()).isZero();
    }
  }
}
