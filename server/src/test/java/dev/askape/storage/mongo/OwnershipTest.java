package dev.askape.storage.mongo;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.RESERVATION;
import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.AnswerState;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.TurnRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who may write to a turn, when a process freezes, dies or comes back.
class OwnershipTest {
  private final Stores stores = new Stores();
  private final TurnRecord turn = turn("s", 1, 2);
  private MongoStore one;
  private MongoStore other;

  @BeforeEach
  void open() {
    one = MongoStore.open(stores.settings("one"));
    other = MongoStore.open(stores.settings("other"));
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    stores.close();
  }

  @Test
  void leavesTheTurnsOfAProcessAloneThatLives() {
    one.accept(session("s", 1), turn);

    assertThat(other.sweep()).isZero();
    assertThat(other.interruptRunning(START)).isZero();

    assertThat(found().running()).isTrue();
  }

  @Test
  void endsTheTurnsOfAProcessThatSaysNothingAnyMore() {
    one.accept(session("s", 1), turn);
    one.checkpoint(turn.messageId(), 1, List.of(text(turn.answers().getFirst(), 0, "so far")));
    one.endAnswer(turn.messageId(), 1, completed(turn.answers().get(1), "done", ""));
    fallSilent("one");

    assertThat(other.sweep()).isEqualTo(1);

    var ended = found();
    assertThat(ended.running()).isFalse();
    assertThat(ended.answers().getFirst().state()).isEqualTo(AnswerState.INTERRUPTED);
    assertThat(ended.answers().getFirst().content()).isEqualTo("so far");
    assertThat(ended.answers().get(1).state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(other.sweep()).isZero();
  }

  @Test
  void writesNothingOfATurnThatAProcessLostWhileItWasFrozen() {
    one.accept(session("s", 1), turn);
    one.checkpoint(turn.messageId(), 1, List.of(text(turn.answers().getFirst(), 0, "so far")));
    fallSilent("one");
    other.sweep();
    var documents = stores.messages().find().into(new ArrayList<>());

    var first = turn.answers().getFirst();
    assertThat(one.checkpoint(turn.messageId(), 1, List.of(text(first, 6, " and on")))).isFalse();
    assertThat(one.endAnswer(turn.messageId(), 1, completed(first, "all", ""))).isFalse();

    assertThat(stores.messages().find().into(new ArrayList<>())).isEqualTo(documents);
  }

  @Test
  void writesNothingOfALostTurnOfWhichNothingHadBeenWritten() {
    one.accept(session("s", 1), turn);
    fallSilent("one");
    other.sweep();
    var documents = stores.messages().find().into(new ArrayList<>());

    var first = turn.answers().getFirst();
    assertThat(one.checkpoint(turn.messageId(), 1, List.of(text(first, 0, "late")))).isFalse();
    assertThat(one.endAnswer(turn.messageId(), 1, completed(first, "late", ""))).isFalse();

    assertThat(stores.messages().find().into(new ArrayList<>())).isEqualTo(documents);
  }

  @Test
  void endsAtAStartWhatTheSameNodeLeftWithoutWaitingForItsLease() {
    one.accept(session("s", 1), turn);
    try (var restarted = MongoStore.open(stores.settings("one"))) {
      assertThat(restarted.interruptRunning(START)).isEqualTo(2);
    }

    assertThat(found().running()).isFalse();
  }

  @Test
  void saysWhoseATurnIs() {
    one.accept(session("s", 1), turn);
    assertThat(one.holds(turn.sessionId(), turn.messageId(), 1)).isTrue();
    fallSilent("one");
    other.sweep();

    assertThat(one.holds(turn.sessionId(), turn.messageId(), 1)).isFalse();
    one.deleteSession(turn.sessionId());
    assertThat(one.holds(turn.sessionId(), turn.messageId(), 9)).isFalse();
  }

  @Test
  void takesAProcessForAliveThatWasTakenForDead() {
    fallSilent("one");
    other.sweep();
    assertThat(stores.nodes().countDocuments(new Document("node", "one"))).isZero();

    one.sweep();
    one.accept(session("s", 1), turn);

    assertThat(other.sweep()).isZero();
  }

  @Test
  void bringsTheSessionUpToDateThatAProcessDiedBefore() {
    one.accept(session("s", 1), turn);
    stores.sessions().deleteMany(new Document());
    fallSilent("one");

    other.sweep();

    assertThat(other.findSession(turn.sessionId())).contains(session("s", 1));
  }

  @Test
  void finishesATurnWhoseProcessDiedAfterItsLastAnswer() {
    one.accept(session("s", 1), turn);
    for (var answer : turn.answers()) {
      one.endAnswer(turn.messageId(), 1, completed(answer, "done", ""));
    }
    var over = found();
    stores
        .messages()
        .updateOne(
            new Document("_id", turn.userMessageId().value()),
            new Document("$set", new Document("turn.owner", "one/gone")));

    assertThat(other.sweep()).isZero();

    assertThat(found().answers()).isEqualTo(over.answers());
    assertThat(stores.entry("USER").get("turn", Document.class).containsKey("owner")).isFalse();
  }

  @Test
  void booksOnceWhatAProcessHadNotBookedWhenItDied() {
    one.accept(session("s", 1), turn, RESERVATION);
    one.endAnswer(turn.messageId(), 1, completed(turn.answers().getFirst(), "done", ""));
    var booked = one.account(ANNA);
    assertThat(booked.booked().answers()).isEqualTo(1);
    // as it was before the answer that had ended was booked
    stores
        .accounts()
        .updateOne(
            new Document("_id", "user/anna"),
            new Document(
                "$set", new Document("lastBooked", List.of()).append("booked", new Document())));
    fallSilent("one");

    other.sweep();
    other.sweep();

    assertThat(other.account(ANNA).booked().answers()).isEqualTo(2);
    assertThat(other.account(ANNA).reservedTokens()).isZero();
    assertThat(other.usageOf(turn.sessionId()).answers()).isEqualTo(2);
  }

  @Test
  void booksWhatADeadProcessPutAsideForAMessageThatNeverCame() {
    one.accept(session("s", 1), turn, RESERVATION);
    stores.messages().deleteMany(new Document());

    assertThat(other.sweep()).isZero();
    assertThat(other.account(ANNA).reservedTokens()).isEqualTo(100);
    fallSilent("one");
    other.sweep();

    assertThat(other.account(ANNA).reservedTokens()).isZero();
    assertThat(other.account(ANNA).booked().answers()).isEqualTo(2);
  }

  @Test
  void acceptsTheSameTurnAgainAsIfForTheFirstTime() {
    assertThat(one.accept(session("s", 1), turn)).isEqualTo(new Accepted.New());
    assertThat(one.accept(session("s", 1), turn)).isEqualTo(new Accepted.New());
    assertThat(other.accept(session("s", 1), turn)).isEqualTo(new Accepted.New());

    assertThat(one.listTurns(turn.sessionId(), 99, 9)).containsExactly(turn);
    assertThat(one.findSession(turn.sessionId())).contains(session("s", 1));
  }

  @Test
  void acceptsATurnWhoseAnswersHaveEnded() {
    var ended = turn.answers().stream().map(answer -> completed(answer, "elsewhere", "")).toList();
    var over = turn.withAnswers(ended, false);

    one.accept(session("s", 1), over);

    assertThat(found()).isEqualTo(over);
    assertThat(one.interruptRunning(START)).isZero();
    assertThat(stores.messages().countDocuments()).isEqualTo(2);
  }

  private TurnRecord found() {
    return other.findTurn(turn.sessionId(), turn.messageId()).orElseThrow();
  }

  private void fallSilent(String node) {
    stores
        .nodes()
        .updateMany(
            new Document("node", node),
            new Document("$set", new Document("seenAt", Instant.parse("2020-01-01T00:00:00Z"))));
  }
}
