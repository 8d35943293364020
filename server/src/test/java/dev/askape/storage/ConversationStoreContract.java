package dev.askape.storage;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.reasoning;
import static dev.askape.storage.Samples.said;
import static dev.askape.storage.Samples.sent;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.ErrorType;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [ConversationStore] does.
abstract class ConversationStoreContract {
  private static final SessionId S = new SessionId("s");

  private ConversationStore store;

  /// A new, empty store.
  abstract ConversationStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  ConversationStore store() {
    return store;
  }

  @Test
  void knowsNothingAtFirst() {
    assertThat(store.findSession(S)).isEmpty();
    assertThat(store.findTurn(S, new MessageId("m"))).isEmpty();
    assertThat(store.listTurns(S, Long.MAX_VALUE, 50)).isEmpty();
    assertThat(store.listSessions(List.of(ANNA), Optional.empty(), 50)).isEmpty();
    assertThat(store.interruptRunning(START)).isZero();
  }

  @Test
  void givesBackWhatWasAccepted() {
    var turn = accepted(1, 3);

    assertThat(store.findSession(S)).contains(session("s", 1));
    assertThat(store.findTurn(S, turn.messageId())).contains(turn);
    assertThat(store.findTurn(S, turn.userMessageId())).contains(turn);
    assertThat(store.listTurns(S, Long.MAX_VALUE, 50)).containsExactly(turn);
  }

  @Test
  void findsATurnInItsOwnSessionOnly() {
    var turn = accepted(1, 1);

    assertThat(store.findTurn(new SessionId("other"), turn.messageId())).isEmpty();
  }

  @Test
  void updatesTheSessionWithEachTurn() {
    accepted(1, 1);
    accepted(2, 1);

    assertThat(store.findSession(S)).contains(session("s", 2));
  }

  @Test
  void listsTheNewestTurnsOldestFirst() {
    for (int n = 1; n <= 5; n++) {
      accepted(n, 1);
    }

    assertThat(store.listTurns(S, Long.MAX_VALUE, 2))
        .extracting(TurnRecord::seq)
        .containsExactly(7L, 9L);
    assertThat(store.listTurns(S, 7, 2)).extracting(TurnRecord::seq).containsExactly(3L, 5L);
    assertThat(store.listTurns(S, 1, 2)).isEmpty();
    assertThat(store.listTurns(S, Long.MAX_VALUE, 0)).isEmpty();
    assertThat(store.listTurns(S, Long.MAX_VALUE, -1)).isEmpty();
  }

  @Test
  void acceptsAClientMessageIdOnce() {
    var first = accepted(1, 2);
    var again = sent(turn("s", 2, 2), ANNA, first.clientMessageId());

    assertThat(store.accept(session("s", 2), again)).isEqualTo(new Accepted.Repeated(first));
    assertThat(store.listTurns(S, Long.MAX_VALUE, 50)).containsExactly(first);
    assertThat(store.findSession(S)).contains(session("s", 1));
  }

  @Test
  void keepsClientMessageIdsOfSendersAndSessionsApart() {
    var id = Optional.of(new ClientMessageId("same"));
    var users = sent(turn("s", 1, 1), new Party.User("x"), id);
    var guests = sent(turn("s", 2, 1), new Party.Guest("x"), id);
    var elsewhere = sent(turn("t", 1, 1), new Party.User("x"), id);

    assertThat(store.accept(session("s", 1), users)).isEqualTo(new Accepted.New());
    assertThat(store.accept(session("s", 2), guests)).isEqualTo(new Accepted.New());
    assertThat(store.accept(session("t", 1), elsewhere)).isEqualTo(new Accepted.New());
    assertThat(store.findByClientMessageId(S, new Party.User("x"), id.get())).contains(users);
    assertThat(store.findByClientMessageId(S, new Party.Guest("x"), id.get())).contains(guests);
    assertThat(store.findByClientMessageId(S, ANNA, id.get())).isEmpty();
  }

  @Test
  void acceptsAnyNumberOfMessagesWithoutAClientMessageId() {
    for (int n = 1; n <= 3; n++) {
      var turn = sent(turn("s", n, 1), ANNA, Optional.empty());
      assertThat(store.accept(session("s", n), turn)).isEqualTo(new Accepted.New());
    }

    assertThat(store.listTurns(S, Long.MAX_VALUE, 50)).hasSize(3);
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

    assertThatThrownBy(() -> store.accept(session("s", 2), refused))
        .isInstanceOf(StorageException.class);
    assertThat(store.findSession(S)).contains(session("s", 1));
    assertThat(store.listTurns(S, Long.MAX_VALUE, 50)).containsExactly(first);
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
  void interruptsHundredsOfTurns() {
    for (int n = 1; n <= 120; n++) {
      accepted(n, 2);
    }

    assertThat(store.interruptRunning(START)).isEqualTo(240);
    assertThat(store.listTurns(S, Long.MAX_VALUE, 1_000))
        .hasSize(120)
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

  @Test
  void listsSessionsByTheirOwnersNewestActivityFirst() {
    start("a", ANNA, 1);
    start("b", GUEST, 3);
    start("c", ANNA, 2);
    start("d", new Party.Guest("anna"), 4);

    assertThat(ids(store.listSessions(List.of(ANNA), Optional.empty(), 50)))
        .containsExactly("c", "a");
    assertThat(ids(store.listSessions(List.of(ANNA, GUEST), Optional.empty(), 50)))
        .containsExactly("b", "c", "a");
    assertThat(ids(store.listSessions(List.of(ANNA, ANNA), Optional.empty(), 50)))
        .containsExactly("c", "a");
    assertThat(store.listSessions(List.of(GUEST), Optional.empty(), 50))
        .containsExactly(session("b", GUEST, 3));
    assertThat(store.listSessions(List.of(), Optional.empty(), 50)).isEmpty();
  }

  @Test
  void listsSessionsPageByPage() {
    for (int n = 1; n <= 5; n++) {
      start("s" + n, n % 2 == 0 ? ANNA : GUEST, n);
    }
    var owners = List.of(ANNA, GUEST);

    var first = store.listSessions(owners, Optional.empty(), 2);
    var second = store.listSessions(owners, Optional.of(first.getLast().updatedAt()), 2);
    var third = store.listSessions(owners, Optional.of(second.getLast().updatedAt()), 2);

    assertThat(ids(first)).containsExactly("s5", "s4");
    assertThat(ids(second)).containsExactly("s3", "s2");
    assertThat(ids(third)).containsExactly("s1");
    assertThat(store.listSessions(owners, Optional.of(Instant.MAX), 9)).hasSize(5);
    assertThat(store.listSessions(owners, Optional.of(Instant.MIN), 9)).isEmpty();
    assertThat(store.listSessions(owners, Optional.empty(), -1)).isEmpty();
  }

  @Test
  void changesTheOwnerOnlyFromTheOneExpected() {
    start("a", GUEST, 1);

    store.changeOwner(new SessionId("a"), new Party.User("guest_1"), ANNA);
    assertThat(store.findSession(new SessionId("a"))).contains(session("a", GUEST, 1));

    store.changeOwner(new SessionId("a"), GUEST, ANNA);
    assertThat(store.findSession(new SessionId("a"))).contains(session("a", ANNA, 1));
    assertThat(store.listSessions(List.of(GUEST), Optional.empty(), 50)).isEmpty();
  }

  @Test
  void deletesEverythingOfASession() {
    var turn = accepted(1, 2);
    store.checkpoint(turn.messageId(), 1, List.of(text(turn.answers().getFirst(), 0, "x")));
    start("other", ANNA, 1);

    assertThat(store.deleteSession(S)).isTrue();
    assertThat(store.deleteSession(S)).isFalse();

    assertThat(store.findSession(S)).isEmpty();
    assertThat(store.findTurn(S, turn.messageId())).isEmpty();
    assertThat(store.interruptRunning(START)).isEqualTo(1);
    assertThat(store.findSession(new SessionId("other"))).isPresent();
    assertThat(store.accept(session("s", 1), turn)).isEqualTo(new Accepted.New());
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
                return () -> store.accept(session(id, n), turn(id, n, 2));
              })
              .toList();
      for (var post : callers.invokeAll(posts)) {
        assertThat(post.get()).isEqualTo(new Accepted.New());
      }
    }

    for (int s = 0; s < sessions; s++) {
      var id = "s" + s;
      assertThat(store.listTurns(new SessionId(id), Long.MAX_VALUE, 1_000))
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
                  n -> () -> store.accept(session("s", n), sent(turn("s", n, 1), ANNA, id)))
              .toList();
      int accepted = 0;
      for (var post : callers.invokeAll(posts)) {
        accepted += post.get() instanceof Accepted.New ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(1);
    }
    assertThat(store.listTurns(S, Long.MAX_VALUE, 50)).hasSize(1);
  }

  @Test
  void storesForACallerThatWasInterruptedAndKeepsTheInterrupt() {
    var turn = turn("s", 1, 1);
    Thread.currentThread().interrupt();

    var accepted = store.accept(session("s", 1), turn);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(accepted).isEqualTo(new Accepted.New());
    assertThat(found(turn)).isEqualTo(turn);
  }

  @Test
  void refusesEverythingOnceClosed() {
    store.close();
    store.close();

    assertThatThrownBy(() -> store.findSession(S)).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> accepted(1, 1)).isInstanceOf(StorageException.class);
  }

  private TurnRecord accepted(int n, int models) {
    var turn = turn("s", n, models);
    assertThat(store.accept(session("s", n), turn)).isEqualTo(new Accepted.New());
    return turn;
  }

  private void start(String session, Party owner, int turns) {
    store.accept(session(session, owner, turns), turn(session, turns, 1));
  }

  private TurnRecord found(TurnRecord turn) {
    return store.findTurn(turn.sessionId(), turn.messageId()).orElseThrow();
  }

  private static List<String> ids(List<SessionRecord> sessions) {
    return sessions.stream().map(session -> session.id().value()).toList();
  }
}
