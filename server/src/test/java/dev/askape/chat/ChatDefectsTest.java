package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.ending;
import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.WatchedStore.Call;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What our own mistakes, and the end of the server, leave behind: nothing.
class ChatDefectsTest {
  private static final PostResult SHUTTING_DOWN =
      new PostResult.Refused(new Refusal.ShuttingDown());

  @AutoClose private final TestChat test = new TestChat(s -> s.turnsPerIdentity = 1, "a");
  private final Chat chat = test.chat;

  @Test
  void freeThePlaceOfAMessageThatWasNotAcceptedForWhateverReason() {
    test.store.fail(Call.ACCEPT, new IllegalStateException("a bug"));
    assertThatThrownBy(() -> chat.post(message(S, ANNA, "hello")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(chat.runningAnswers()).isZero();
    test.said(ANNA, "hello again", "a", "Hi");
  }

  @Test
  void letAMessageThatWasLetInBeforeADrainRunToItsEnd() throws Exception {
    try (var hold = test.store.hold(Call.ACCEPT)) {
      var posted = new AtomicReference<PostResult>();
      Thread.ofVirtual().start(() -> posted.set(chat.post(message(S, ANNA, "hello"))));
      hold.awaitReached();
      var draining = Thread.ofVirtual().start(() -> chat.drain(Duration.ofSeconds(20)));
      soon().until(() -> chat.post(message(new SessionId("t"), ANNA, "x")).equals(SHUTTING_DOWN));

      assertThat(draining.join(Duration.ofMillis(100))).isFalse();
      hold.release();
      var call = test.model("a").nextCall();
      call.says("in time");
      call.finishes();

      assertThat(draining.join(Duration.ofSeconds(20))).isTrue();
      assertThat(((PostResult.Accepted) posted.get()).turn().answers().getFirst().state())
          .isEqualTo(AnswerState.COMPLETED);
    }
  }

  @Test
  void endAMessageThatIsStoredAfterTheGraceOfADrain() throws Exception {
    try (var hold = test.store.hold(Call.ACCEPT)) {
      var posted = new AtomicReference<PostResult>();
      Thread.ofVirtual().start(() -> posted.set(chat.post(message(S, ANNA, "hello"))));
      hold.awaitReached();
      var draining = Thread.ofVirtual().start(() -> chat.drain(Duration.ZERO));
      soon().until(() -> chat.post(message(new SessionId("t"), ANNA, "x")).equals(SHUTTING_DOWN));
      hold.release();

      assertThat(draining.join(Duration.ofSeconds(20))).isTrue();
      soon().until(() -> posted.get() != null);
      var turn = ((PostResult.Accepted) posted.get()).turn();
      assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.INTERRUPTED);
    }
  }

  @Test
  void endAnAnswerWhoseThreadBreaksAndLetTheErrorGoOn() {
    var uncaught = new AtomicReference<Throwable>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, e) -> uncaught.set(e));
    try {
      var bug = new AssertionError("a bug");
      var turn = test.post(ANNA, "hello", "a");
      var call = test.model("a").nextCall();
      call.says("so far");
      call.breaksBadly(bug);

      soon().dontCatchUncaughtExceptions().until(() -> bug.equals(uncaught.get()));
      var ending = ending(turn.answers().getFirst());
      assertThat(ending.failure().orElseThrow().type()).isEqualTo(ErrorType.INTERNAL);
      assertThat(test.stored(turn).answers().getFirst().content()).isEqualTo("so far");
      assertThat(chat.runningAnswers()).isZero();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
