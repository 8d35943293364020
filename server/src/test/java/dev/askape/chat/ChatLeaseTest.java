package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.value;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.WatchedStore.Call;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A process that could not say for a while that it lives, and what it ran then.
class ChatLeaseTest {
  @AutoClose
  private final TestChat test = new TestChat(s -> s.housekeeping = Duration.ofMillis(1), "a");

  private final Chat chat = test.chat;
  private final WatchedStore store = test.store;
  private final RecordingViewer viewer = new RecordingViewer();

  @Test
  void goesOnWithATurnThatItStillHolds() {
    var turn = test.post(ANNA, "hello", "a");
    var call = test.model("a").nextCall();
    store.take(ConversationStore.NO_LEASE);
    assertThat(turn.mayBeTold()).isFalse();

    store.take(2);
    soon().until(turn::mayBeTold);
    call.says("Hi");
    call.finishes();

    TestChat.awaitOver(turn);
    assertThat(test.stored(turn).answers().getFirst().content()).isEqualTo("Hi");
  }

  @Test
  void asksWhoseATurnIsBeforeItMayBeTold() {
    var turn = test.post(ANNA, "hello", "a");
    try (var hold = store.hold(Call.HOLDS)) {
      store.take(2);
      hold.awaitReached();

      assertThat(turn.mayBeTold()).isFalse();
    }
    soon().until(turn::mayBeTold);
  }

  @Test
  void asksAgainWhenNobodyCouldSay() {
    var turn = test.post(ANNA, "hello", "a");
    store.fail(Call.HOLDS, 2);

    store.take(2);

    soon().until(turn::mayBeTold);
    assertThat(store.made(Call.HOLDS)).isEqualTo(3);
  }

  @Test
  void endsATurnThatItLostWithoutAWord() {
    var turn = startFollowed();
    var call = test.model("a").nextCall();
    call.says("Hi");
    store.giveAway(turn.messageId());

    store.take(2);

    soon().until(() -> viewer.dropped.contains(SessionViewer.Reason.LOST));
    soon().until(() -> chat.runningAnswers() == 0);
    assertThat(turn.mayBeTold()).isFalse();
    assertThat(store.ended()).isEmpty();
  }

  @Test
  void findsOutByACheckpointThatATurnIsLost() {
    var turn = startFollowed();
    store.giveAway(turn.messageId());

    test.model("a").nextCall().says("Hi");

    soon().until(() -> viewer.dropped.contains(SessionViewer.Reason.LOST));
    assertThat(turn.mayBeTold()).isFalse();
  }

  @Test
  void findsOutByAnAnswersEndThatATurnIsLost() {
    store.take(ConversationStore.NO_LEASE); // nothing is asked before
    var turn = startFollowed();
    store.giveAway(turn.messageId());

    test.model("a").nextCall().finishes();

    soon().until(() -> viewer.dropped.contains(SessionViewer.Reason.LOST));
    soon().until(() -> chat.runningAnswers() == 0);
    assertThat(turn.mayBeTold()).isFalse();
  }

  @Test
  void doesNotTellTheLateEndOfAnAnswerWhoseOwnerIsInDoubt() {
    var turn = test.post(ANNA, "hello", "a");
    try (var hold = store.hold(Call.END_ANSWER)) {
      test.model("a").nextCall().finishes();
      hold.awaitReached();
      store.take(ConversationStore.NO_LEASE);

      assertThat(turn.mayBeTold()).isFalse();
    }
    soon().until(turn::mayBeTold); // the store has it
  }

  @Test
  void showsALostTurnAsItIsKept() {
    var turn = startFollowed();
    test.model("a").nextCall().says("Hi");
    store.giveAway(turn.messageId());
    store.take(2);
    soon().until(() -> viewer.dropped.contains(SessionViewer.Reason.LOST));

    var again = new RecordingViewer();
    var joined = chat.join(S, ANNA, again).joined().orElseThrow();
    var history = value(chat.history(S, ANNA, Optional.empty(), 10));

    assertThat(joined.running()).isEmpty();
    assertThat(history.turns().getFirst().answers().getFirst().content()).isEmpty();
  }

  @Test
  void takesMessagesOfTheSessionAgain() {
    var turn = startFollowed();
    store.giveAway(turn.messageId());
    store.take(2);
    soon().until(() -> viewer.dropped.contains(SessionViewer.Reason.LOST));

    assertThat(test.post(ANNA, "again", "a").seq()).isGreaterThan(turn.seq());
  }

  private Turn startFollowed() {
    assertThat(chat.join(S, ANNA, viewer).joined()).isPresent();
    return test.post(ANNA, "hello", "a");
  }
}
