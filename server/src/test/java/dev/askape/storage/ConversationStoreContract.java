package dev.askape.storage;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.sent;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.ClientMessageId;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every [ConversationStore] does.
abstract class ConversationStoreContract extends AccountsContract {
  @Test
  void knowsNothingAtFirst() {
    assertThat(store().findSession(S)).isEmpty();
    assertThat(store().findTurn(S, new MessageId("m"))).isEmpty();
    assertThat(store().listTurns(S, Long.MAX_VALUE, 50)).isEmpty();
    assertThat(store().listSessions(List.of(ANNA), Optional.empty(), 50)).isEmpty();
    assertThat(store().interruptRunning(START)).isZero();
  }

  @Test
  void givesBackWhatWasAccepted() {
    var turn = accepted(1, 3);

    assertThat(store().findSession(S)).contains(session("s", 1));
    assertThat(store().findTurn(S, turn.messageId())).contains(turn);
    assertThat(store().findTurn(S, turn.userMessageId())).contains(turn);
    assertThat(store().listTurns(S, Long.MAX_VALUE, 50)).containsExactly(turn);
  }

  @Test
  void findsATurnInItsOwnSessionOnly() {
    var turn = accepted(1, 1);

    assertThat(store().findTurn(new SessionId("other"), turn.messageId())).isEmpty();
  }

  @Test
  void updatesTheSessionWithEachTurn() {
    accepted(1, 1);
    accepted(2, 1);

    assertThat(store().findSession(S)).contains(session("s", 2));
  }

  @Test
  void listsTheNewestTurnsOldestFirst() {
    for (int n = 1; n <= 5; n++) {
      accepted(n, 1);
    }

    assertThat(store().listTurns(S, Long.MAX_VALUE, 2))
        .extracting(TurnRecord::seq)
        .containsExactly(7L, 9L);
    assertThat(store().listTurns(S, 7, 2)).extracting(TurnRecord::seq).containsExactly(3L, 5L);
    assertThat(store().listTurns(S, 1, 2)).isEmpty();
    assertThat(store().listTurns(S, Long.MAX_VALUE, 0)).isEmpty();
    assertThat(store().listTurns(S, Long.MAX_VALUE, -1)).isEmpty();
  }

  @Test
  void acceptsAClientMessageIdOnce() {
    var first = accepted(1, 2);
    var again = sent(turn("s", 2, 2), ANNA, first.clientMessageId());

    assertThat(store().accept(session("s", 2), again)).isEqualTo(new Accepted.Repeated(first));
    assertThat(store().listTurns(S, Long.MAX_VALUE, 50)).containsExactly(first);
    assertThat(store().findSession(S)).contains(session("s", 1));
  }

  @Test
  void keepsClientMessageIdsOfSendersAndSessionsApart() {
    var id = Optional.of(new ClientMessageId("same"));
    var users = sent(turn("s", 1, 1), new Party.User("x"), id);
    var guests = sent(turn("s", 2, 1), new Party.Guest("x"), id);
    var elsewhere = sent(turn("t", 1, 1), new Party.User("x"), id);

    assertThat(store().accept(session("s", 1), users)).isEqualTo(new Accepted.New());
    assertThat(store().accept(session("s", 2), guests)).isEqualTo(new Accepted.New());
    assertThat(store().accept(session("t", 1), elsewhere)).isEqualTo(new Accepted.New());
    assertThat(store().findByClientMessageId(S, new Party.User("x"), id.get())).contains(users);
    assertThat(store().findByClientMessageId(S, new Party.Guest("x"), id.get())).contains(guests);
    assertThat(store().findByClientMessageId(S, ANNA, id.get())).isEmpty();
  }

  @Test
  void acceptsAnyNumberOfMessagesWithoutAClientMessageId() {
    for (int n = 1; n <= 3; n++) {
      var turn = sent(turn("s", n, 1), ANNA, Optional.empty());
      assertThat(store().accept(session("s", n), turn)).isEqualTo(new Accepted.New());
    }

    assertThat(store().listTurns(S, Long.MAX_VALUE, 50)).hasSize(3);
  }

  @Test
  void writesNothingOfATurnWhosePlaceIsTaken() {
    var first = accepted(1, 1);
    var usurper = turn("s", 2, 1);
    usurper =
        new TurnRecord(
            S,
            first.seq(),
            usurper.userMessageId(),
            usurper.messageId(),
            usurper.sender(),
            usurper.clientMessageId(),
            usurper.content(),
            usurper.tokens(),
            usurper.createdAt(),
            usurper.epoch(),
            usurper.running(),
            usurper.answers());
    var refused = usurper;

    assertThatThrownBy(() -> store().accept(session("s", 2), refused))
        .isInstanceOf(StorageException.class);
    assertThat(store().findSession(S)).contains(session("s", 1));
    assertThat(store().listTurns(S, Long.MAX_VALUE, 50)).containsExactly(first);
  }

  @Test
  void listsSessionsByTheirOwnersNewestActivityFirst() {
    start("a", ANNA, 1);
    start("b", GUEST, 3);
    start("c", ANNA, 2);
    start("d", new Party.Guest("anna"), 4);

    assertThat(ids(store().listSessions(List.of(ANNA), Optional.empty(), 50)))
        .containsExactly("c", "a");
    assertThat(ids(store().listSessions(List.of(ANNA, GUEST), Optional.empty(), 50)))
        .containsExactly("b", "c", "a");
    assertThat(ids(store().listSessions(List.of(ANNA, ANNA), Optional.empty(), 50)))
        .containsExactly("c", "a");
    assertThat(store().listSessions(List.of(GUEST), Optional.empty(), 50))
        .containsExactly(session("b", GUEST, 3));
    assertThat(store().listSessions(List.of(), Optional.empty(), 50)).isEmpty();
  }

  @Test
  void listsSessionsPageByPage() {
    for (int n = 1; n <= 5; n++) {
      start("s" + n, n % 2 == 0 ? ANNA : GUEST, n);
    }
    var owners = List.of(ANNA, GUEST);

    var first = store().listSessions(owners, Optional.empty(), 2);
    var second = store().listSessions(owners, Optional.of(first.getLast().updatedAt()), 2);
    var third = store().listSessions(owners, Optional.of(second.getLast().updatedAt()), 2);

    assertThat(ids(first)).containsExactly("s5", "s4");
    assertThat(ids(second)).containsExactly("s3", "s2");
    assertThat(ids(third)).containsExactly("s1");
    assertThat(store().listSessions(owners, Optional.of(Instant.MAX), 9)).hasSize(5);
    assertThat(store().listSessions(owners, Optional.of(Instant.MIN), 9)).isEmpty();
    assertThat(store().listSessions(owners, Optional.empty(), -1)).isEmpty();
  }

  @Test
  void goesThroughAllSessions() {
    for (int n = 1; n <= 5; n++) {
      start("s" + n, n % 2 == 0 ? ANNA : GUEST, 1);
    }
    var all = new ArrayList<SessionId>();
    var after = Optional.<SessionId>empty();
    while (true) {
      var some = store().listSessionIds(after, 2);
      if (some.isEmpty()) {
        break;
      }
      all.addAll(some);
      after = Optional.of(some.getLast());
    }

    assertThat(all)
        .extracting(SessionId::value)
        .containsExactlyInAnyOrder("s1", "s2", "s3", "s4", "s5");
  }

  @Test
  void listsGuestsSessionsInWhichNothingWasSaidLately() {
    start("old", GUEST, 1);
    start("users", ANNA, 1);
    start("new", GUEST, 5);

    assertThat(idle(START.plusSeconds(5))).containsExactly("old");
    assertThat(idle(START.plusSeconds(6))).containsExactlyInAnyOrder("old", "new");
    assertThat(idle(START)).isEmpty();
    assertThat(store().listIdleGuestSessions(START.plusSeconds(6), 1)).hasSize(1);
  }

  /// A store whose own store is away leaves them for later.
  List<String> idle(Instant before) {
    return store().listIdleGuestSessions(before, 9).stream().map(SessionId::value).toList();
  }

  @Test
  void changesTheOwnerOnlyFromTheOneExpected() {
    start("a", GUEST, 1);

    store().changeOwner(new SessionId("a"), new Party.User("guest_1"), ANNA);
    assertThat(store().findSession(new SessionId("a"))).contains(session("a", GUEST, 1));

    store().changeOwner(new SessionId("a"), GUEST, ANNA);
    assertThat(store().findSession(new SessionId("a"))).contains(session("a", ANNA, 1));
    assertThat(store().listSessions(List.of(GUEST), Optional.empty(), 50)).isEmpty();
  }

  @Test
  void deletesEverythingOfASession() {
    var turn = accepted(1, 2);
    store().checkpoint(turn.messageId(), 1, List.of(text(turn.answers().getFirst(), 0, "x")));
    start("other", ANNA, 1);

    assertThat(store().deleteSession(S)).isTrue();
    assertThat(store().deleteSession(S)).isFalse();

    assertThat(store().findSession(S)).isEmpty();
    assertThat(store().findTurn(S, turn.messageId())).isEmpty();
    assertThat(store().interruptRunning(START)).isEqualTo(1);
    assertThat(store().findSession(new SessionId("other"))).isPresent();
    assertThat(store().accept(session("s", 1), turn)).isEqualTo(new Accepted.New());
    assertThat(found(turn)).isEqualTo(turn);
  }

  @Test
  void losesNothingWhenManyPostAtOnce() throws Exception {
    int sessions = 8;
    int turns = 25;
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var posts =
          IntStream.range(0, sessions * turns)
              .<Callable<Accepted>>mapToObj(i -> {
                var id = "s" + i % sessions;
                int n = 1 + i / sessions;
                return () -> store().accept(session(id, n), turn(id, n, 2));
              })
              .toList();
      for (var post : callers.invokeAll(posts)) {
        assertThat(post.get()).isEqualTo(new Accepted.New());
      }
    }

    for (int s = 0; s < sessions; s++) {
      var id = "s" + s;
      assertThat(store().listTurns(new SessionId(id), Long.MAX_VALUE, 1_000))
          .isEqualTo(IntStream.rangeClosed(1, turns).mapToObj(n -> turn(id, n, 2)).toList());
    }
  }

  @Test
  void acceptsOneOfManyWithTheSameClientMessageId() throws Exception {
    var id = Optional.of(new ClientMessageId("same"));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var posts =
          IntStream.rangeClosed(1, 20)
              .<Callable<Accepted>>mapToObj(
                  n -> () -> store().accept(session("s", n), sent(turn("s", n, 1), ANNA, id)))
              .toList();
      int accepted = 0;
      for (var post : callers.invokeAll(posts)) {
        accepted += post.get() instanceof Accepted.New ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(1);
    }
    assertThat(store().listTurns(S, Long.MAX_VALUE, 50)).hasSize(1);
  }

  @Test
  void storesForACallerThatWasInterruptedAndKeepsTheInterrupt() {
    var turn = turn("s", 1, 1);
    Thread.currentThread().interrupt();

    var accepted = store().accept(session("s", 1), turn);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(accepted).isEqualTo(new Accepted.New());
    assertThat(found(turn)).isEqualTo(turn);
  }

  @Test
  void refusesEverythingOnceClosed() {
    store().close();
    store().close();

    assertThatThrownBy(() -> store().findSession(S)).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> accepted(1, 1)).isInstanceOf(StorageException.class);
  }

  private void start(String session, Party owner, int turns) {
    store().accept(session(session, owner, turns), turn(session, turns, 1));
  }

  private static List<String> ids(List<SessionRecord> sessions) {
    return sessions.stream().map(session -> session.id().value()).toList();
  }
}
