package dev.askape.storage;

import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.reasoning;
import static dev.askape.storage.Samples.said;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.ErrorType;
import dev.askape.chat.SessionId;
import dev.askape.chat.TurnRecord;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [ConversationStore] does with answers while they run and when they end.
abstract class RunningAnswersContract {
  static final SessionId S = new SessionId("s");

  private ConversationStore store;

  /// A new, empty store.
  abstract ConversationStore open();

  /// More turns than the store ends at once.
  int many() {
    return 120;
  }

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  final ConversationStore store() {
    return store;
  }

  @Test
  void givesThePresentTextOfARunningAnswer() {
    var turn = accepted(1, 2);
    var one = turn.answers().get(0);
    var two = turn.answers().get(1);

    assertThat(
            store.checkpoint(
                turn.messageId(),
                1,
                List.of(text(one, 0, "Hel"), reasoning(one, 0, "Hm"), text(two, 0, "Salut"))))
        .isTrue();
    assertThat(
            store.checkpoint(
                turn.messageId(), 1, List.of(text(one, 3, "lo"), reasoning(one, 2, "m."))))
        .isTrue();

    var running = found(turn);
    assertThat(running.running()).isTrue();
    assertThat(running.answers())
        .extracting(AnswerRecord::content, AnswerRecord::reasoning)
        .containsExactly(tuple("Hello", "Hmm."), tuple("Salut", ""));
    assertThat(store.listTurns(S, Long.MAX_VALUE, 1)).containsExactly(running);
  }

  @Test
  void takesTheSamePartAgainWithoutSayingItTwice() {
    var turn = accepted(1, 1);
    var answer = turn.answers().getFirst();
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "Hello")));
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "Hello")));
    // After an outcome that was not known a caller sends the part again with what came since.
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "Hello, world")));
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "Hel")));
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 12, "!")));

    assertThat(found(turn).answers().getFirst().content()).isEqualTo("Hello, world!");
  }

  @Test
  void leavesOutWhatFollowsAGapAndGivesItOnceTheGapIsFilled() {
    var turn = accepted(1, 1);
    var answer = turn.answers().getFirst();
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "Hello")));
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 7, "world")));
    assertThat(found(turn).answers().getFirst().content()).isEqualTo("Hello");

    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 5, ", wo")));
    assertThat(found(turn).answers().getFirst().content()).isEqualTo("Hello, world");
  }

  @Test
  void putsASurrogatePairTogetherThatTwoPartsCutInTwo() {
    var turn = accepted(1, 1);
    var answer = turn.answers().getFirst();
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "a\uD83D")));
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 2, "\uDE00b")));

    assertThat(found(turn).answers().getFirst().content()).isEqualTo("a😀b");
  }

  @Test
  void endsAnAnswerWithItsWholeText() {
    var turn = accepted(1, 2);
    var one = completed(turn.answers().get(0), "Hello!", "Hm.");
    store.checkpoint(turn.messageId(), 1, List.of(text(one, 0, "Hel")));

    assertThat(store.endAnswer(turn.messageId(), 1, one)).isTrue();

    assertThat(found(turn).answers()).containsExactly(one, turn.answers().get(1));
    assertThat(found(turn).running()).isTrue();

    var two = completed(turn.answers().get(1), "", "");
    assertThat(store.endAnswer(turn.messageId(), 1, two)).isTrue();

    assertThat(found(turn).answers()).containsExactly(one, two);
    assertThat(found(turn).running()).isFalse();
  }

  @Test
  void keepsTheFirstEndOfAnAnswer() {
    var turn = accepted(1, 1);
    var first = completed(turn.answers().getFirst(), "first", "");
    store.endAnswer(turn.messageId(), 1, first);
    var ended = found(turn);

    assertThat(store.endAnswer(turn.messageId(), 1, first)).isTrue();
    assertThat(store.endAnswer(turn.messageId(), 1, completed(first, "second", "thoughts")))
        .isTrue();
    assertThat(store.checkpoint(turn.messageId(), 1, List.of(text(first, 5, " late")))).isTrue();

    assertThat(found(turn)).isEqualTo(ended);
  }

  @Test
  void givesTheNewestAnswerOfEachPlace() {
    var turn = accepted(1, 2);
    for (var answer : turn.answers()) {
      store.endAnswer(turn.messageId(), 1, completed(answer, "first", ""));
    }
    var again = completed(Samples.attempt(turn.answers().getFirst(), 2), "second", "");

    assertThat(store.endAnswer(turn.messageId(), 1, again)).isTrue();

    assertThat(found(turn).answers())
        .containsExactly(again, completed(turn.answers().get(1), "first", ""));
  }

  @Test
  void refusesWritesOfAnOlderEpoch() {
    var turn = accepted(1, 2);
    var one = turn.answers().get(0);
    assertThat(store.checkpoint(turn.messageId(), 2, List.of(text(one, 0, "new")))).isTrue();
    var before = found(turn);

    assertThat(store.checkpoint(turn.messageId(), 1, List.of(text(one, 3, "old")))).isFalse();
    assertThat(store.endAnswer(turn.messageId(), 1, completed(one, "old", ""))).isFalse();

    assertThat(found(turn)).isEqualTo(before);
    assertThat(before.epoch()).isEqualTo(2);
  }

  @Test
  void refusesWritesToATurnThatIsGone() {
    var turn = accepted(1, 1);
    var answer = turn.answers().getFirst();
    store.deleteSession(S);

    assertThat(store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "x")))).isFalse();
    assertThat(store.endAnswer(turn.messageId(), 1, completed(answer, "x", ""))).isFalse();
    assertThat(store.listTurns(S, Long.MAX_VALUE, 50)).isEmpty();
  }

  @Test
  void interruptsWhatWasRunning() {
    var over = accepted(1, 1);
    store.endAnswer(over.messageId(), 1, completed(over.answers().getFirst(), "done", ""));
    var running = accepted(2, 3);
    var ended = completed(running.answers().get(0), "ended", "");
    store.endAnswer(running.messageId(), 1, ended);
    store.checkpoint(
        running.messageId(),
        1,
        List.of(
            text(running.answers().get(1), 0, "eight ch"),
            reasoning(running.answers().get(1), 0, "x")));
    var overBefore = found(over);

    assertThat(store.interruptRunning(START)).isEqualTo(2);

    assertThat(found(over)).isEqualTo(overBefore);
    var turn = found(running);
    assertThat(turn.running()).isFalse();
    assertThat(turn.epoch()).isEqualTo(2);
    assertThat(turn.answers().get(0)).isEqualTo(ended);
    var second = turn.answers().get(1);
    assertThat(second.state()).isEqualTo(AnswerState.INTERRUPTED);
    assertThat(second.content()).isEqualTo("eight ch");
    assertThat(second.reasoning()).isEqualTo("x");
    assertThat(second.finishReason()).isEmpty();
    assertThat(second.usage().promptTokens()).isEqualTo(12);
    assertThat(second.usage().completionTokens()).isEqualTo(3);
    assertThat(second.usage().estimated()).isTrue();
    var third = turn.answers().get(2);
    assertThat(third.state()).isEqualTo(AnswerState.INTERRUPTED);
    assertThat(third.content()).isEmpty();
    for (var answer : List.of(second, third)) {
      var error = answer.error().orElseThrow();
      assertThat(error.type()).isEqualTo(ErrorType.INTERRUPTED);
      assertThat(error.errorId()).matches("e_[0-9a-f]{16}");
    }
    assertThat(second.error()).isNotEqualTo(third.error());
    assertThat(store.interruptRunning(START)).isZero();
  }

  @Test
  void refusesWhatThePreviousOwnerOfAnInterruptedTurnStillWrites() {
    var turn = accepted(1, 1);
    store.interruptRunning(START);
    var interrupted = found(turn);
    var late = completed(turn.answers().getFirst(), "late", "");

    assertThat(store.endAnswer(turn.messageId(), turn.epoch(), late)).isFalse();

    assertThat(found(turn)).isEqualTo(interrupted);
  }

  @Test
  void interruptsMoreTurnsThanItTakesAtOnce() {
    for (int n = 1; n <= many(); n++) {
      accepted(n, 2);
    }

    assertThat(store.interruptRunning(START)).isEqualTo(2 * many());
    assertThat(store.listTurns(S, Long.MAX_VALUE, 1_000))
        .hasSize(many())
        .noneMatch(TurnRecord::running);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0",
        "a\0b\0",
        "\0\0 leading",
        "😀 👩‍👩‍👧 e\u0301 \uFEFF \uFFFF",
        "line\u2028para\u2029\r\n\t",
        "'; DROP TABLE turns; --",
        "ümläut ﷽ 漢字 \u202E rtl",
      })
  void keepsEveryCharacterOfATextAsItIs(String text) {
    keepsExactly(text);
  }

  @Test
  void keepsTextsAsLongAsTheyMayBe() {
    keepsExactly("x\0😀é".repeat(210_000));
  }

  private void keepsExactly(String text) {
    var turn = said(turn("s", 1, 2), text);
    store.accept(session("s", 1), turn);
    var done = completed(turn.answers().get(0), text, text);
    store.endAnswer(turn.messageId(), 1, done);
    var running = turn.answers().get(1);
    store.checkpoint(
        turn.messageId(), 1, List.of(text(running, 0, text), reasoning(running, 0, text)));

    assertThat(found(turn).content()).isEqualTo(text);
    assertThat(found(turn).answers().get(0)).isEqualTo(done);
    assertThat(found(turn).answers().get(1).content()).isEqualTo(text);
    store.interruptRunning(START);
    assertThat(found(turn).answers().get(1).content()).isEqualTo(text);
    assertThat(found(turn).answers().get(1).reasoning()).isEqualTo(text);
  }

  @Test
  void makesALoneSurrogateThatWasLeftBehindAReplacementCharacter() {
    var turn = accepted(1, 1);
    store.checkpoint(
        turn.messageId(), 1, List.of(text(turn.answers().getFirst(), 0, "😀 half \uD83D")));

    store.interruptRunning(START);

    assertThat(found(turn).answers().getFirst().content()).isEqualTo("😀 half \uFFFD");
  }

  final TurnRecord accepted(int n, int models) {
    var turn = turn("s", n, models);
    assertThat(store.accept(session("s", n), turn)).isEqualTo(new Accepted.New());
    return turn;
  }

  final TurnRecord found(TurnRecord turn) {
    return store.findTurn(turn.sessionId(), turn.messageId()).orElseThrow();
  }
}
