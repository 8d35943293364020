package dev.askape.storage.spool;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.said;
import static dev.askape.storage.Samples.sent;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static dev.askape.storage.spool.Spools.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.AnswerState;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.ConversationStore.Durability;
import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.chat.StoreAwayException;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.Samples;
import dev.askape.storage.spool.FaultyStore.Fault;
import dev.askape.storage.sqlite.SpoolLimits;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FailoverTest {
  private static final SessionId S = new SessionId("s");
  private static final Duration PATIENCE = Duration.ofMillis(150);

  @TempDir private Path folder;
  private final ConversationStore inside = SqliteStore.open(SqliteSettings.memory());
  private final FaultyStore primary = new FaultyStore(inside);
  private FailoverStore store;

  @BeforeEach
  void openStore() {
    store = open();
    Spools.awaitLearnt(store);
  }

  private FailoverStore open() {
    return Spools.open(folder.resolve("spool.db"), primary, PATIENCE);
  }

  @AfterEach
  void closeStores() {
    store.close();
    inside.close();
  }

  private TurnRecord accepted(int n) {
    var turn = turn("s", n, 1);
    assertThat(store.accept(session("s", n), turn)).isEqualTo(new Accepted.New());
    return turn;
  }

  private TurnRecord answered(int n) {
    var turn = accepted(n);
    var answer = completed(turn.answers().getFirst(), "Answer " + n, "");
    assertThat(store.endAnswer(turn.messageId(), 1, answer)).isTrue();
    return turn;
  }

  private List<TurnRecord> listInside() {
    return inside.listTurns(S, Long.MAX_VALUE, 1_000);
  }

  private void awaitCaughtUp() {
    soon().until(() -> store.spooled().records() == 0);
  }

  @Test
  void saysThatTheDatabaseHasWhatItHas() {
    var turn = accepted(1);

    assertThat(store.durability()).isEqualTo(Durability.DATABASE);
    assertThat(store.durability(turn.messageId())).isEqualTo(Durability.DATABASE);
    assertThat(listInside()).containsExactly(turn);
    awaitCaughtUp();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "SLOW"})
  void takesMessagesWhateverIsWrongAndCatchesUpOnceEachInOrder(Fault fault) {
    answered(1);
    for (int again = 0; again < 3; again++) {
      primary.set(fault);
      for (int n = 2; n <= 4; n++) {
        var turn = answered(3 * again + n);
        assertThat(store.durability(turn.messageId())).isEqualTo(Durability.DISK);
      }
      var seen = store.listTurns(S, Long.MAX_VALUE, 1_000);
      assertThat(seen).hasSize(3 * again + 4);

      primary.set(Fault.NONE);

      soon().until(store::isPrimaryHere);
      awaitCaughtUp();
      assertThat(listInside()).isEqualTo(seen);
      assertThat(store.listTurns(S, Long.MAX_VALUE, 1_000)).isEqualTo(seen);
      assertThat(inside.findSession(S)).contains(session("s", 3 * again + 4));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "SLOW"})
  void resolvesAnUnknownOutcomeOfAMessageWithoutAClientMessageId(Fault fault) {
    accepted(1);
    primary.set(fault);
    var turn = sent(turn("s", 2, 1), ANNA, Optional.empty());
    assertThat(store.accept(session("s", 2), turn)).isEqualTo(new Accepted.New());

    primary.set(Fault.NONE);

    awaitCaughtUp();
    assertThat(listInside()).extracting(TurnRecord::seq).containsExactly(1L, 3L);
    assertThat(store.spooled().deadLetters()).isZero();
  }

  @Test
  void losesItsPatienceOnceWithAStoreThatHangs() {
    for (int s = 0; s < 20; s++) {
      var id = "s" + s;
      store.accept(session(id, 1), turn(id, 1, 1));
    }
    primary.set(Fault.HANG);
    store.accept(session("s0", 2), turn("s0", 2, 1));
    assertThat(store.isPrimaryHere()).isFalse();
    int before = primary.calls();

    for (int s = 1; s < 20; s++) {
      var id = "s" + s;
      var turn = turn(id, 2, 1);
      store.accept(session(id, 2), turn);
      assertThat(store.listTurns(new SessionId(id), Long.MAX_VALUE, 10)).hasSize(2);
    }

    assertThat(primary.calls() - before).as("only what repeats still tries").isLessThan(5);
  }

  @Test
  void answersASecondTimeWithTheFirstTurnWhileAway() {
    primary.set(Fault.REFUSE);
    var first = accepted(1);
    var again = sent(turn("s", 2, 1), ANNA, first.clientMessageId());

    assertThat(store.findByClientMessageId(S, ANNA, first.clientMessageId().orElseThrow()))
        .contains(first);
    assertThat(store.accept(session("s", 2), again)).isEqualTo(new Accepted.Repeated(first));
  }

  @Test
  void refusesASessionOfWhichNothingIsHere() {
    inside.accept(session("elsewhere", 1), turn("elsewhere", 1, 1));
    store.close();
    store = open(); // which learns that there is such a session
    var id = new SessionId("elsewhere");
    soon().until(() -> primary.calls() > 0 && !store.knowsNothingOf(id));
    primary.set(Fault.REFUSE);

    assertThatThrownBy(() -> store.findSession(id)).isInstanceOf(StoreAwayException.class);
    assertThatThrownBy(() -> store.listTurns(id, Long.MAX_VALUE, 9))
        .isInstanceOf(StoreAwayException.class);
    assertThatThrownBy(() -> store.accept(session("elsewhere", 2), turn("elsewhere", 2, 1)))
        .isInstanceOf(StoreAwayException.class);
    assertThat(store.spooled().records()).isZero();
  }

  @Test
  void refusesEverythingUntilItKnowsWhichSessionsThereAre() {
    store.close();
    primary.set(Fault.REFUSE);
    store = Spools.open(folder.resolve("fresh.db"), primary, PATIENCE);

    assertThatThrownBy(() -> store.findSession(S)).isInstanceOf(StoreAwayException.class);
    assertThatThrownBy(() -> accepted(1)).isInstanceOf(StoreAwayException.class);
  }

  @Test
  void mirrorsASessionThatComesIntoUse() {
    for (int n = 1; n <= 30; n++) {
      inside.accept(session("s", n), turn("s", n, 1));
    }
    store.findSession(S);
    soon().until(() -> store.isMirrored(S));
    primary.set(Fault.REFUSE);

    assertThat(store.findSession(S)).contains(session("s", 30));
    assertThat(store.listTurns(S, Long.MAX_VALUE, 200)).hasSize(30);
    accepted(31);
    assertThat(store.listTurns(S, Long.MAX_VALUE, 200)).hasSize(31);
  }

  @Test
  void continuesARunningAnswerThroughAnOutage() {
    var turn = accepted(1);
    var answer = turn.answers().getFirst();
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "one ")));
    primary.set(Fault.HANG);
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 4, "two ")));
    accepted(2);
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 8, "three ")));

    assertThat(store.findTurn(S, turn.messageId()).orElseThrow().answers().getFirst().content())
        .isEqualTo("one two three ");
    primary.set(Fault.NONE);
    awaitCaughtUp();
    soon()
        .untilAsserted(() ->
            assertThat(listInside().getFirst().answers().getFirst().content())
                .isEqualTo("one two three "));
  }

  @Test
  void tellsTheSenderWhenTheSpoolIsFull() {
    store.close();
    var limits = new SpoolLimits(40_000, 100, 100);
    store = Spools.open(folder.resolve("spool.db"), primary, PATIENCE, limits);
    var running = accepted(1);
    primary.set(Fault.REFUSE);
    int[] n = {1};

    assertThatThrownBy(
            () -> {
              while (n[0] < 1_000) {
                n[0]++;
                store.accept(session("s", n[0]), said(turn("s", n[0], 1), "x".repeat(1_000)));
              }
            })
        .isInstanceOf(StorageException.class)
        .isNotInstanceOf(StoreAwayException.class)
        .hasMessageContaining("full");

    assertThat(n[0]).isGreaterThan(10);
    var end = completed(running.answers().getFirst(), "It ends all the same", "");
    assertThat(store.endAnswer(running.messageId(), 1, end)).isTrue();
    assertThat(store.listTurns(S, Long.MAX_VALUE, 1_000)).hasSize(n[0] - 1);
    primary.set(Fault.NONE);
    awaitCaughtUp();
    assertThat(listInside()).hasSize(n[0] - 1);
    assertThat(store.accept(session("s", n[0]), turn("s", n[0], 1))).isEqualTo(new Accepted.New());
  }

  @Test
  void buriesWhatTheStoreWillNeverTakeAndGoesOn() {
    accepted(1);
    primary.set(Fault.REFUSE);
    var poison = answered(2);
    answered(3);
    primary.refuse(poison.messageId());

    primary.set(Fault.NONE);

    awaitCaughtUp();
    assertThat(store.spooled().deadLetters()).isEqualTo(1);
    assertThat(listInside()).extracting(TurnRecord::seq).containsExactly(1L, 5L);
    assertThat(store.listTurns(S, Long.MAX_VALUE, 9))
        .extracting(TurnRecord::seq)
        .containsExactly(1L, 5L);
  }

  @Test
  void refusesAtOnceWhatTheStoreRefuses() {
    accepted(1);
    var turn = turn("s", 2, 1);
    primary.refuse(turn.messageId());

    assertThatThrownBy(() -> store.accept(session("s", 2), turn))
        .isInstanceOf(StorageException.class);

    assertThat(store.listTurns(S, Long.MAX_VALUE, 9)).hasSize(1);
    assertThat(store.isPrimaryHere()).isTrue();
    awaitCaughtUp();
  }

  @Test
  void buriesTheEndOfAnAnswerThatSomebodyElseHasEnded() {
    var turn = accepted(1);
    primary.set(Fault.REFUSE);
    var mine = completed(turn.answers().getFirst(), "mine", "");
    store.endAnswer(turn.messageId(), 1, mine);
    inside.interruptRunning(Samples.START); // as another node does with an owner that is silent

    primary.set(Fault.NONE);

    awaitCaughtUp();
    assertThat(store.spooled().deadLetters()).isEqualTo(1);
    assertThat(listInside().getFirst().answers().getFirst().state())
        .isEqualTo(AnswerState.INTERRUPTED);
  }

  @Test
  void putsWhatWasSpooledBehindWhatGrewElsewhere() {
    accepted(1);
    primary.set(Fault.REFUSE);
    var mine = answered(2);
    answered(3);
    var theirs = sent(said(turn("s", 2, 1), "theirs"), GUEST, Optional.empty());
    theirs =
        new TurnRecord(
            S,
            theirs.seq(),
            new MessageId("theirs-user"),
            new MessageId("theirs"),
            GUEST,
            Optional.empty(),
            "theirs",
            1,
            theirs.createdAt(),
            1,
            true,
            List.of());
    inside.accept(session("s", 2), theirs);

    primary.set(Fault.NONE);

    awaitCaughtUp();
    assertThat(listInside())
        .extracting(TurnRecord::content)
        .containsExactly("Question 1", "theirs", mine.content(), "Question 3");
    assertThat(listInside()).extracting(TurnRecord::seq).isSorted().allMatch(seq -> seq % 2 == 1);
  }

  @Test
  void deletesAndBeginsAgainWhileAway() {
    answered(1);
    store.changeOwner(S, ANNA, GUEST);
    awaitCaughtUp();
    primary.set(Fault.HANG);
    answered(2);
    assertThat(store.deleteSession(S)).isTrue();
    assertThat(store.findSession(S)).isEmpty();
    assertThat(store.listTurns(S, Long.MAX_VALUE, 9)).isEmpty();
    var fresh = turn("s", 1, 2);
    store.accept(session("s", GUEST, 1), fresh);

    primary.set(Fault.NONE);

    awaitCaughtUp();
    assertThat(listInside()).containsExactly(fresh);
    assertThat(inside.findSession(S)).contains(session("s", GUEST, 1));
  }

  @Test
  void listsSpooledSessionsAmongTheOthers() {
    for (int s = 1; s <= 3; s++) {
      store.accept(session("s" + s, ANNA, s), turn("s" + s, s, 1));
    }
    primary.set(Fault.REFUSE);
    store.accept(session("s1", ANNA, 9), turn("s1", 9, 1));
    assertThat(store.listSessions(List.of(ANNA), Optional.empty(), 9))
        .extracting(it -> it.id().value())
        .containsExactly("s1", "s3", "s2");
  }

  @Test
  void repeatsManySessionsAfterMinutesAway() {
    primary.set(Fault.REFUSE);
    for (int s = 0; s < 40; s++) {
      for (int n = 1; n <= 3; n++) {
        store.accept(session("s" + s, n), turn("s" + s, n, 1));
      }
    }

    primary.set(Fault.NONE);

    awaitCaughtUp();
    for (int s = 0; s < 40; s++) {
      assertThat(inside.listTurns(new SessionId("s" + s), Long.MAX_VALUE, 9))
          .extracting(TurnRecord::seq)
          .containsExactly(1L, 3L, 5L);
    }
  }
}
