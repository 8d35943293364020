package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.BERT;
import static dev.askape.chat.TestChat.GUEST;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.both;
import static dev.askape.chat.TestChat.guest;
import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.TestChat.refusal;
import static dev.askape.chat.TestChat.user;
import static dev.askape.chat.TestChat.value;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.SessionViewer.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whose a session is, and who may do what with it.
class ChatOwnershipTest {
  @AutoClose private final TestChat test = new TestChat("a");
  private final Chat chat = test.chat;
  private final RecordingViewer viewer = new RecordingViewer();

  static List<Arguments> pairs() {
    return List.of(
        Arguments.of(ANNA, ANNA, true),
        Arguments.of(ANNA, BERT, false),
        Arguments.of(ANNA, guest("anna"), false),
        Arguments.of(ANNA, GUEST, false),
        Arguments.of(ANNA, both("anna", "guest_9"), true),
        Arguments.of(ANNA, both("bert", "anna"), false),
        Arguments.of(GUEST, GUEST, true),
        Arguments.of(GUEST, guest("guest_2"), false),
        Arguments.of(GUEST, user("guest_1"), false),
        Arguments.of(GUEST, both("anna", "guest_1"), true),
        Arguments.of(GUEST, both("guest_1", "guest_2"), false));
  }

  /// Everything that one can ask of a session, as "may" or as the refusal.
  private List<Object> everythingAsked(SessionId session, Asker asker, MessageId turn) {
    return List.of(
        outcome(chat.history(session, asker, Optional.empty(), 50)),
        outcome(chat.history(session, asker, Optional.of(turn), 50)),
        outcome(chat.stop(session, asker, turn, Optional.empty())),
        outcome(chat.viewers(session, asker)),
        outcome(chat.transcript(session, Optional.of(asker), Optional.empty(), 50)),
        outcome(chat.delete(session, asker)));
  }

  private static Object outcome(Result<?> result) {
    return switch (result) {
      case Result.Ok<?> _ -> "may";
      case Result.Refused<?>(var why) -> why;
    };
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void isForItsOwnerOnlyOnEveryEvent(Asker owner, Asker asker, boolean may) {
    var turn = test.said(owner, "hello", "a", "hi");

    boolean joined = chat.join(S, asker, viewer).joined().isPresent();
    var posted = chat.post(message(S, asker, "again", "a"));
    var asked = everythingAsked(S, asker, turn.messageId());

    assertThat(joined).isEqualTo(may);
    assertThat(posted)
        .satisfies(result -> {
          if (may) {
            assertThat(result).isInstanceOf(PostResult.Accepted.class);
          } else {
            assertThat(result).isEqualTo(new PostResult.Refused(new Refusal.Forbidden()));
          }
        });
    if (may) {
      assertThat(asked).containsOnly("may");
    } else {
      assertThat(asked).containsOnly(new Refusal.Forbidden());
      assertThat(test.stored(turn).content()).isEqualTo("hello");
      assertThat(chat.viewers(S, owner)).isEqualTo(new Result.Ok<>(List.of()));
    }
  }

  @Test
  void refusesAlikeWhetherASessionExistsOrNot() {
    var turn = test.said(ANNA, "hello", "a", "hi");

    var foreign = everythingAsked(S, BERT, turn.messageId());
    var missing = everythingAsked(new SessionId("none"), BERT, turn.messageId());

    assertThat(foreign).isEqualTo(missing).containsOnly(new Refusal.Forbidden());
  }

  @Test
  void makesNothingOfASessionByAskingForIt() {
    everythingAsked(S, BERT, new MessageId("m"));

    assertThat(chat.join(S, ANNA, viewer).joined()).isPresent();
  }

  @Test
  void belongsToItsFirstJoinerBeforeTheFirstMessage() {
    assertThat(chat.join(S, ANNA, viewer).joined()).isPresent();

    assertThat(refusal(chat.join(S, BERT, new RecordingViewer())))
        .isEqualTo(new Refusal.Forbidden());
    assertThat(refusal(chat.post(message(S, BERT, "mine?", "a"))))
        .isEqualTo(new Refusal.Forbidden());
    assertThat(chat.history(S, ANNA, Optional.empty(), 50))
        .isEqualTo(new Result.Ok<>(new HistoryPage(Optional.empty(), List.of(), false)));
    assertThat(test.store.findSession(S)).isEmpty();
  }

  @Test
  void becomesTheNextJoinersWhenTheFirstHasBeenGoneForAMinute() {
    try (var quick = new TestChat(s -> s.housekeeping = Duration.ofMillis(2), "a")) {
      quick.chat.join(S, ANNA, viewer);
      quick.clock.move(Duration.ofDays(1));
      quick.chat.leave(S, viewer);
      quick.clock.move(Duration.ofSeconds(61));

      soon().until(() -> quick.chat.join(S, BERT, new RecordingViewer()).joined().isPresent());
      assertThat(refusal(quick.chat.join(S, ANNA, viewer))).isEqualTo(new Refusal.Forbidden());
    }
  }

  @Test
  void isStoredAsItsFirstJoinersFromTheFirstMessageOn() {
    test.said(ANNA, "hello", "a", "hi");

    var session = test.store.findSession(S).orElseThrow();
    assertThat(session.owner()).isEqualTo(new Party.User("anna"));
    assertThat(session.messageCount()).isEqualTo(2);
    assertThat(session.title()).isEqualTo("hello");
    assertThat(session.createdAt()).isEqualTo(MovedClock.START);
  }

  @Test
  void becomesTheUsersWhoReachesWhatWasHisAsAGuest() {
    test.said(GUEST, "hello", "a", "hi");

    chat.join(S, both("anna", "guest_1"), viewer);

    assertThat(test.store.findSession(S).orElseThrow().owner()).isEqualTo(new Party.User("anna"));
    assertThat(chat.join(S, ANNA, viewer).joined()).isPresent();
    assertThat(refusal(chat.join(S, GUEST, viewer))).isEqualTo(new Refusal.Forbidden());
  }

  @Test
  void becomesTheUsersBeforeTheFirstMessageToo() {
    chat.join(S, GUEST, new RecordingViewer());
    var joined = chat.join(S, both("anna", "guest_1"), viewer).joined().orElseThrow();
    test.said(ANNA, "hello", "a", "hi");

    assertThat(joined.owner()).isEqualTo(new Party.User("anna"));
    assertThat(test.store.findSession(S).orElseThrow().owner()).isEqualTo(new Party.User("anna"));
  }

  @Test
  void isTakenOverByPostingAsBoth() {
    test.said(GUEST, "hello", "a", "hi");

    var turn = test.said(both("anna", "guest_1"), "it is me", "a", "hi");

    assertThat(turn.sender()).isEqualTo(new Party.User("anna"));
    assertThat(test.store.findSession(S).orElseThrow().owner()).isEqualTo(new Party.User("anna"));
  }

  @Test
  void dropsTheGuestsSocketsWhenItIsTakenOver() {
    var guests = new RecordingViewer();
    var himself = new RecordingViewer();
    chat.join(S, GUEST, guests);
    chat.join(S, GUEST, himself);
    test.said(GUEST, "hello", "a", "hi");
    chat.identify(S, himself, both("anna", "guest_1"));

    chat.join(S, both("anna", "guest_1"), viewer);

    assertThat(guests.dropped).containsExactly(Reason.FORBIDDEN);
    assertThat(himself.dropped).isEmpty();
    assertThat(value(chat.viewers(S, ANNA))).containsExactlyInAnyOrder(himself, viewer);
  }

  @Test
  void staysTheGuestsWhenTheStoreCannotTakeTheChange() {
    test.said(GUEST, "hello", "a", "hi");
    test.store.fail(WatchedStore.Call.CHANGE_OWNER, 1);

    assertThatThrownBy(() -> chat.join(S, both("anna", "guest_1"), viewer))
        .isInstanceOf(StorageException.class);
    assertThat(chat.join(S, GUEST, viewer).joined()).isPresent();

    assertThat(chat.join(S, both("anna", "guest_1"), viewer).joined()).isPresent();
    assertThat(test.store.findSession(S).orElseThrow().owner()).isEqualTo(new Party.User("anna"));
  }

  @Test
  void doesNotLetASocketBecomeSomebodyWhoMayNotReachIt() {
    test.said(ANNA, "hello", "a", "hi");
    chat.join(S, ANNA, viewer);
    chat.identify(S, viewer, BERT);
    chat.join(S, both("anna", "guest_1"), new RecordingViewer());

    assertThat(viewer.dropped).isEmpty();
  }

  @Test
  void listsTheSessionsOfBothIds() {
    test.said(ANNA, "as a user", "a", "hi");
    var other = new SessionId("other");
    TestChat.awaitOver(answered(test.accepted(message(other, GUEST, "as a guest", "a"))));

    assertThat(chat.sessionsOf(both("anna", "guest_1"), Optional.empty(), 10))
        .extracting(SessionRecord::id)
        .containsExactlyInAnyOrder(S, other);
    assertThat(chat.sessionsOf(ANNA, Optional.empty(), 10))
        .extracting(SessionRecord::id)
        .containsExactly(S);
    assertThat(chat.sessionsOf(guest("anna"), Optional.empty(), 10)).isEmpty();
  }

  private Turn answered(Turn turn) {
    test.model("a").nextCall().finishes();
    return turn;
  }

  @Test
  void showsATranscriptToTheOwnerWhenNobodyIsNamed() {
    test.said(ANNA, "hello", "a", "hi");

    var page = value(chat.transcript(S, Optional.empty(), Optional.empty(), 50));

    assertThat(page.turns()).extracting(TurnRecord::content).containsExactly("hello");
    assertThat(
            refusal(chat.transcript(new SessionId("none"), Optional.empty(), Optional.empty(), 50)))
        .isEqualTo(new Refusal.NotFound());
  }

  @Test
  void deletesEverythingOfASessionAndTellsItsViewers() {
    test.said(ANNA, "hello", "a", "hi");
    chat.join(S, ANNA, viewer);
    var running = test.post(ANNA, "still running", "a");
    var call = test.model("a").nextCall();

    assertThat(chat.delete(S, ANNA)).isEqualTo(new Result.Ok<>(true));

    call.awaitInterrupted();
    assertThat(TestChat.ending(running.answers().getFirst()).stored()).isFalse();
    TestChat.awaitOver(running);
    assertThat(viewer.dropped).containsExactly(Reason.DELETED);
    assertThat(test.store.findSession(S)).isEmpty();
    assertThat(test.store.findTurn(S, running.messageId())).isEmpty();
    assertThat(refusal(chat.delete(S, ANNA))).isEqualTo(new Refusal.Forbidden());
    soon().until(() -> chat.runningAnswers() == 0);
    assertThat(chat.join(S, BERT, viewer).joined().map(JoinResult.Joined::owner))
        .contains(new Party.User("bert"));
  }

  @Test
  void deletesNothingOfASessionWithoutMessages() {
    chat.join(S, ANNA, viewer);

    assertThat(refusal(chat.delete(S, ANNA))).isEqualTo(new Refusal.NotFound());
    assertThat(viewer.dropped).isEmpty();
  }

  @Test
  void deletesAsTheOwnerWhenNobodyIsNamed() {
    test.said(ANNA, "hello", "a", "hi");

    assertThat(chat.deleteAsOwner(S)).isEqualTo(new Result.Ok<>(true));
    assertThat(test.store.findSession(S)).isEmpty();
    assertThat(refusal(chat.deleteAsOwner(S))).isEqualTo(new Refusal.NotFound());
  }

  @Test
  void keepsASessionThatTheStoreCannotDelete() {
    var turn = test.said(ANNA, "hello", "a", "hi");
    chat.join(S, ANNA, viewer);
    test.store.fail(WatchedStore.Call.DELETE, 1);

    assertThatThrownBy(() -> chat.delete(S, ANNA)).isInstanceOf(StorageException.class);
    assertThat(viewer.dropped).isEmpty();
    assertThat(test.stored(turn).content()).isEqualTo("hello");
    assertThat(chat.join(S, ANNA, viewer).joined()).isPresent();
  }
}
