package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.BERT;
import static dev.askape.chat.TestChat.GUEST;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.both;
import static dev.askape.chat.TestChat.ending;
import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.TestChat.refusal;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// From a message to its answers.
class ChatPostTest {
  @AutoClose private final TestChat test = new TestChat("maker/a", "b");
  private final Chat chat = test.chat;

  @Test
  void asksEachModelAndKeepsWhatItSays() {
    var turn = test.post(ANNA, "hello", "maker/a", "b");
    var a = test.model("maker/a").nextCall();
    var b = test.model("b").nextCall();
    assertThat(a.says("Hi")).isTrue();
    b.thinks("hm");
    b.says("Hello");
    a.says(" there");
    a.finishes(FinishReason.LENGTH, Optional.of(Usage.reported(10, 20).withReasoning(5)));
    b.finishes();
    TestChat.awaitOver(turn);

    var record = test.stored(turn);
    assertThat(record.running()).isFalse();
    assertThat(record.answers()).hasSize(2);
    var first = record.answers().get(0);
    assertThat(first.content()).isEqualTo("Hi there");
    assertThat(first.state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(first.fragments()).isEqualTo(2);
    assertThat(first.finishReason()).contains(FinishReason.LENGTH);
    assertThat(first.usage()).isEqualTo(Usage.reported(10, 20).withReasoning(5));
    assertThat(first.modelName()).isEqualTo("Model maker/a");
    var second = record.answers().get(1);
    assertThat(second.content()).isEqualTo("Hello");
    assertThat(second.reasoning()).isEqualTo("hm");
    assertThat(second.usage())
        .isEqualTo(Usage.counted(1, 2).withReasoning(1)); // counted here: words
    assertThat(second.firstTokenMs()).isPresent();
    assertThat(second.durationMs()).isPresent();
  }

  @Test
  void isStoredBeforeItIsAccepted() {
    var turn = test.post(ANNA, "hello", "b");

    var record = test.stored(turn);
    assertThat(record.content()).isEqualTo("hello");
    assertThat(record.running()).isTrue();
    assertThat(record.tokens()).isEqualTo(1);
    assertThat(record.answers()).extracting(AnswerRecord::id).containsExactly(answerId(turn));
    assertThat(turn.durability()).isEqualTo(ConversationStore.Durability.NONE);
    assertThat(turn.origin()).isEqualTo("origin");
  }

  private static AnswerId answerId(Turn turn) {
    return turn.answers().getFirst().id();
  }

  @Test
  void asksTheDefaultModelsWhenNoneIsNamed() {
    var turn = test.post(ANNA, "hello");

    assertThat(turn.answers())
        .extracting(answer -> answer.modelId().value())
        .containsExactly("maker/a", "b");
  }

  @Test
  void startsEveryAnswerAtOnceAlsoOneThatFails() {
    var turn = test.post(ANNA, "hello", "no/such", "b");

    assertThat(turn.answers()).allMatch(Answer::isStarted);
    var unknown = ending(turn.answers().getFirst());
    assertThat(unknown.state()).isEqualTo(AnswerState.FAILED);
    assertThat(unknown.failure().map(AnswerRecord.Failure::type)).contains(ErrorType.UNKNOWN_MODEL);
    assertThat(turn.answers().getFirst().modelName()).isEqualTo("such");
    assertThat(turn.isOver()).isFalse();
  }

  @Test
  void isATurnEvenWhenAllItsModelsAreUnknown() {
    var turn = test.post(ANNA, "hello", "no/such", "neither");
    TestChat.awaitOver(turn);

    assertThat(test.stored(turn).answers())
        .extracting(AnswerRecord::state)
        .containsOnly(AnswerState.FAILED);
  }

  @Test
  void numbersEntriesInTheOrderOfMessages() {
    var first = test.said(ANNA, "one", "b", "1");
    var second = test.said(ANNA, "two", "b", "2");

    assertThat(first.seq()).isEqualTo(1);
    assertThat(second.seq()).isEqualTo(3);
    var session = test.store.findSession(S).orElseThrow();
    assertThat(session.lastSeq()).isEqualTo(4);
    assertThat(session.messageCount()).isEqualTo(4);
  }

  @Test
  void isTitledByItsFirstMessageCutOnACodePoint() {
    test.said(ANNA, "x".repeat(49) + "😀 and more", "b", "1");
    test.said(ANNA, "another", "b", "2");

    assertThat(test.store.findSession(S).orElseThrow().title()).isEqualTo("x".repeat(49));
  }

  @Test
  void tellsAModelWhatWasSaidBefore() {
    test.said(ANNA, "one", "b", "b's one");
    test.said(ANNA, "two", "maker/a", "a's two");
    test.post(ANNA, "three", "b");

    assertThat(test.model("b").nextCall().prompt.messages())
        .extracting(Prompt.Message::content)
        .containsExactly("one", "b's one", "two", "a's two", "three");
  }

  @Test
  void looksBackOnlySoManyTurns() {
    try (var limited = new TestChat(s -> s.contextTurns = 2, "b")) {
      for (var word : new String[] {"one", "two", "three"}) {
        limited.said(ANNA, word, "b", word + "!");
      }
      limited.post(ANNA, "four", "b");

      assertThat(limited.model("b").nextCall().prompt.messages())
          .extracting(Prompt.Message::content)
          .containsExactly("two", "two!", "three", "three!", "four");
    }
  }

  @Test
  void doesNotTellAModelOfAnswersThatStillRun() {
    test.post(ANNA, "one", "b");
    test.model("b").nextCall().says("half");
    test.post(ANNA, "two", "b");

    assertThat(test.model("b").nextCall().prompt.messages())
        .extracting(Prompt.Message::content)
        .containsExactly("one", "two");
  }

  @Test
  void hasRoomForSoManyTurnsInASession() {
    try (var limited = new TestChat(s -> s.turnsPerSession = 1, "b")) {
      var turn = limited.post(ANNA, "one", "b");
      assertThat(refusal(limited.chat.post(message(S, ANNA, "two", "b"))))
          .isEqualTo(new Refusal.Busy());

      limited.model("b").nextCall().finishes();
      TestChat.awaitOver(turn);
      assertThat(limited.post(ANNA, "two", "b").seq()).isEqualTo(3);
    }
  }

  @Test
  void hasRoomForSoManyTurnsOfAPartyInAllItsSessions() {
    try (var limited = new TestChat(s -> s.turnsPerIdentity = 1, "b")) {
      limited.post(ANNA, "one", "b");
      var elsewhere = message(new SessionId("other"), ANNA, "two", "b");
      assertThat(refusal(limited.chat.post(elsewhere))).isEqualTo(new Refusal.Busy());
      limited.accepted(message(new SessionId("bert's"), BERT, "mine", "b"));

      limited.model("b").nextCall().finishes();
      soon().until(() -> limited.chat.post(elsewhere) instanceof PostResult.Accepted);
    }
  }

  @Test
  void hasRoomForSoManyAnswersInAll() {
    try (var limited = new TestChat(s -> s.answers = 2, "b")) {
      limited.post(ANNA, "one", "b", "no/such");
      soon().until(() -> limited.chat.runningAnswers() == 1);
      var bert = message(new SessionId("bert's"), BERT, "two", "b", "b2");
      assertThat(refusal(limited.chat.post(bert))).isEqualTo(new Refusal.Busy());

      limited.model("b").nextCall().finishes();
      soon().until(() -> limited.chat.runningAnswers() == 0);
      limited.accepted(bert);
    }
  }

  @Test
  void isRateLimitedByIdentity() {
    try (var limited = new TestChat(s -> s.turnsPerMinute = 1, "b")) {
      limited.said(ANNA, "one", "b", "1");

      assertThat(refusal(limited.chat.post(message(S, ANNA, "two", "b"))))
          .isInstanceOfSatisfying(
              Refusal.RateLimited.class,
              why ->
                  assertThat(why.retryAfter())
                      .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60)));
      assertThat(limited.chat.runningAnswers()).isZero();
    }
  }

  @Test
  void isBusyWhenTooManySessionsAreInMemory() {
    try (var limited = new TestChat(s -> s.liveSessions = 1, "b")) {
      limited.chat.join(S, ANNA, new RecordingViewer());
      var other = new SessionId("other");

      assertThat(refusal(limited.chat.post(message(other, ANNA, "hello", "b"))))
          .isEqualTo(new Refusal.Busy());
      assertThat(refusal(limited.chat.join(other, ANNA, new RecordingViewer())))
          .isEqualTo(new Refusal.Busy());
      assertThat(refusal(limited.chat.history(other, ANNA, Optional.empty(), 1)))
          .isEqualTo(new Refusal.Busy());
    }
  }

  @Test
  void isTheFirstOneWhenItIsRepeatedWhileThatRuns() {
    var id = Optional.of(new ClientMessageId("c1"));
    var first = test.accepted(message(S, ANNA, "hello", id, "b"));

    var again = chat.post(message(S, ANNA, "hello, changed", id, "b", "maker/a"));

    assertThat(again).isEqualTo(new PostResult.Repeated(first));
    test.model("b").nextCall().finishes();
    TestChat.awaitOver(first);
    assertThat(chat.post(message(S, ANNA, "hello", id, "b")))
        .isEqualTo(new PostResult.Repeated(first));
    assertThat(test.model("b").asked()).isEqualTo(1);
    assertThat(test.model("maker/a").asked()).isZero();
    assertThat(test.store.findSession(S).orElseThrow().messageCount()).isEqualTo(2);
  }

  @Test
  void isTheFirstOneWhenTheLogHasForgottenThat() {
    var id = Optional.of(new ClientMessageId("c1"));
    try (var quick = new TestChat(s -> s.housekeeping = Duration.ofMillis(2), "b")) {
      var viewer = new RecordingViewer();
      var session = quick.chat.join(S, ANNA, viewer).joined().orElseThrow().session();
      var first = quick.accepted(message(S, ANNA, "hello", id, "b"));
      var call = quick.model("b").nextCall();
      call.says("Hi ");
      call.says("there");
      call.finishes();
      soon().until(() -> session.turnsFrom(0).isEmpty());

      var again = quick.chat.post(message(S, ANNA, "hello", id, "b"));

      assertThat(again).isInstanceOf(PostResult.Repeated.class);
      var turn = ((PostResult.Repeated) again).turn();
      assertThat(turn.messageId()).isEqualTo(first.messageId());
      assertThat(turn.userMessageId()).isEqualTo(first.userMessageId());
      assertThat(turn.isOver()).isTrue();
      assertThat(turn.answers().getFirst().said().whole()).isEqualTo("Hi there");
      assertThat(turn.answers().getFirst().said().fragments()).isEqualTo(2);
      assertThat(turn.answers().getFirst().state()).isEqualTo(AnswerState.COMPLETED);
      assertThat(quick.model("b").asked()).isEqualTo(1);
      assertThat(quick.chat.runningAnswers()).isZero();
    }
  }

  @Test
  void isTheFirstOneWhenTheGuestWhoSentItHasBecomeAUser() {
    var id = Optional.of(new ClientMessageId("c1"));
    var first = test.accepted(message(S, GUEST, "hello", id, "b"));

    assertThat(chat.post(message(S, both("anna", "guest_1"), "hello", id, "b")))
        .isEqualTo(new PostResult.Repeated(first));
  }

  @Test
  void isNewForAnotherSenderOrInAnotherSession() {
    var id = Optional.of(new ClientMessageId("c1"));
    var first = test.accepted(message(S, GUEST, "hello", id, "b"));

    test.accepted(message(new SessionId("other"), GUEST, "hello", id, "b"));
    chat.join(S, both("anna", "guest_1"), new RecordingViewer());
    var again = test.accepted(message(S, ANNA, "hello", id, "b"));
    assertThat(again.messageId()).isNotEqualTo(first.messageId());
  }

  @Test
  void isNoTurnWhenNobodyIsNamedAndNobodyAskedByDefault() {
    try (var empty = new TestChat()) {
      assertThat(refusal(empty.chat.post(message(S, ANNA, "hello"))))
          .isEqualTo(new Refusal.NoModel());
      assertThat(empty.store.findSession(S)).isEmpty();
    }
  }

  @Test
  void isChargedOnceHoweverOftenItIsRepeated() {
    var id = Optional.of(new ClientMessageId("c1"));
    try (var limited = new TestChat(s -> s.turnsPerMinute = 1, "b")) {
      var first = limited.accepted(message(S, ANNA, "hello", id, "b"));
      for (int i = 0; i < 5; i++) {
        assertThat(limited.chat.post(message(S, ANNA, "hello", id, "b")))
            .isEqualTo(new PostResult.Repeated(first));
      }
    }
  }
}
