package dev.askape.storage.spool;

import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static dev.askape.storage.spool.Spools.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Durability;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.spool.FaultyStore.Fault;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteSpool;
import dev.askape.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a killed process leaves is its spool's file and the log beside it, as they are at that
/// moment.
@Timeout(60)
class CrashTest {
  private static final SessionId S = new SessionId("s");
  private static final int TURNS = 6;

  @TempDir private Path folder;
  private final ConversationStore inside = SqliteStore.open(SqliteSettings.memory());
  private final FaultyStore primary = new FaultyStore(inside);
  private FailoverStore store;

  @BeforeEach
  void openStore() {
    store = open("spool.db");
    Spools.awaitLearnt(store);
  }

  private FailoverStore open(String file) {
    return Spools.open(folder.resolve(file), primary, Duration.ofSeconds(10));
  }

  @AfterEach
  void closeStores() {
    store.close();
    inside.close();
  }

  /// All but the last turn are answered; the last one is being answered.
  private void chat() {
    for (int n = 1; n <= TURNS; n++) {
      var turn = turn("s", n, 1);
      store.accept(session("s", n), turn);
      var answer = turn.answers().getFirst();
      if (n < TURNS) {
        store.endAnswer(turn.messageId(), 1, completed(answer, "Answer " + n, ""));
      } else {
        store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "so far")));
      }
    }
  }

  /// The files as they are now, under another name.
  private String leftBehind() throws IOException {
    Files.copy(folder.resolve("spool.db"), folder.resolve("left.db"));
    Files.copy(folder.resolve("spool.db-wal"), folder.resolve("left.db-wal"));
    return "left.db";
  }

  private void restart(String file) {
    store.close();
    store = open(file);
  }

  private void hasEverythingOnceAndInOrder() {
    soon().until(() -> store.spooled().records() == 0);
    var turns = inside.listTurns(S, Long.MAX_VALUE, 1_000);
    assertThat(turns)
        .extracting(TurnRecord::content)
        .containsExactly(
            "Question 1", "Question 2", "Question 3", "Question 4", "Question 5", "Question 6");
    assertThat(turns)
        .extracting(turn -> turn.answers().getFirst())
        .extracting(AnswerRecord::content)
        .containsExactly("Answer 1", "Answer 2", "Answer 3", "Answer 4", "Answer 5", "so far");
    assertThat(turns).noneMatch(TurnRecord::running);
    assertThat(turns.getLast().answers().getFirst().state()).isEqualTo(AnswerState.INTERRUPTED);
    assertThat(inside.findSession(S)).contains(session("s", TURNS));
    assertThat(store.listTurns(S, Long.MAX_VALUE, 1_000)).isEqualTo(turns);
    assertThat(store.spooled().deadLetters()).isZero();
  }

  @Test
  void repeatsAfterARestartWhatWasOnlySpooled() throws IOException {
    primary.set(Fault.REFUSE);
    chat();
    var left = leftBehind();
    primary.set(Fault.NONE);
    restart(left);

    assertThat(store.interruptRunning(START)).isEqualTo(1);

    hasEverythingOnceAndInOrder();
  }

  /// Killed after the primary store took so many calls, none of which was noted.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 11, 100})
  void repeatsAfterARestartWhatWasRepeatedButNotNoted(int calls) throws IOException {
    primary.set(Fault.REFUSE);
    chat();
    var left = leftBehind();
    var number = new AtomicInteger();
    primary.set(() -> number.incrementAndGet() <= calls ? Fault.LOSE_ANSWER : Fault.REFUSE);
    soon().until(() -> number.get() >= Math.min(calls, 20));
    primary.set(Fault.NONE);
    restart(left);

    assertThat(store.interruptRunning(START)).isEqualTo(1);

    hasEverythingOnceAndInOrder();
  }

  @Test
  void startsWithoutThePrimaryStoreAndServesWhatIsThere() throws IOException {
    chat();
    primary.set(Fault.REFUSE);
    var left = leftBehind();
    restart(left);

    assertThat(store.interruptRunning(START)).isEqualTo(1);

    assertThat(store.isPrimaryHere()).isFalse();
    assertThat(store.findSession(S)).contains(session("s", TURNS));
    assertThat(store.listTurns(S, Long.MAX_VALUE, 9)).hasSize(TURNS).noneMatch(TurnRecord::running);
    var next = turn("s", TURNS + 1, 1);
    store.accept(session("s", TURNS + 1), next);
    assertThat(store.durability(next.messageId())).isEqualTo(Durability.DISK);
    var fresh = turn("fresh", 1, 1);
    assertThat(store.findSession(fresh.sessionId())).isEmpty();
    store.accept(session("fresh", 1), fresh);

    primary.set(Fault.NONE);
    soon().until(() -> store.spooled().records() == 0);
    assertThat(inside.listTurns(S, Long.MAX_VALUE, 9)).hasSize(TURNS + 1);
    assertThat(inside.listTurns(fresh.sessionId(), Long.MAX_VALUE, 9)).containsExactly(fresh);
  }

  @Test
  void endsWhatRanThereWithoutATraceHere() {
    inside.accept(session("s", 1), turn("s", 1, 2));

    assertThat(store.interruptRunning(START)).isEqualTo(2);
  }

  @Test
  void keepsASpoolForItsOwnStore() {
    primary.set(Fault.REFUSE);
    chat();
    store.close();

    assertThatThrownBy(() -> dedicated("another store"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("The test's store")
        .hasMessageContaining("another store");

    primary.set(Fault.NONE);
    store = open("spool.db");
    store.interruptRunning(START);
    hasEverythingOnceAndInOrder();
    store.close();
    dedicated("another store");
  }

  private void dedicated(String name) {
    try (var spool =
        SqliteSpool.open(
            SqliteSettings.file(folder.resolve("spool.db")),
            Spools.LIMITS,
            InstantSource.system())) {
      spool.dedicate(name);
      assertThat(spool.mirror().findMirroredFrom(S)).isEmpty();
    }
  }
}
