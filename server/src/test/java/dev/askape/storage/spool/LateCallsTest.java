package dev.askape.storage.spool;

import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.turn;
import static dev.askape.storage.spool.Spools.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.SessionId;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.spool.FaultyStore.Fault;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Calls that were given up, and that a network or a server that was frozen carries out much later.
@Timeout(60)
class LateCallsTest {
  private static final SessionId S = new SessionId("s");
  private static final Duration LATE = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private final ConversationStore inside = SqliteStore.open(SqliteSettings.memory());
  private final FaultyStore primary = new FaultyStore(inside);
  private FailoverStore store;

  @BeforeEach
  void openStore() {
    store =
        Spools.open(
            folder.resolve("spool.db"),
            primary,
            Spools.settings(Duration.ofSeconds(10), LATE),
            Spools.LIMITS);
    Spools.awaitLearnt(store);
  }

  @AfterEach
  void closeStores() {
    store.close();
    inside.close();
  }

  private TurnRecord answered(int n) {
    var turn = turn("s", n, 1);
    store.accept(session("s", n), turn);
    store.endAnswer(turn.messageId(), 1, completed(turn.answers().getFirst(), "Answer", ""));
    return turn;
  }

  private void awaitCaughtUp() {
    soon().until(() -> store.spooled().records() == 0);
  }

  @Test
  void aMessageDoesNotBringADeletedSessionBack() {
    answered(1);
    primary.set(Fault.LATE);
    answered(2);
    primary.set(Fault.NONE);
    awaitCaughtUp();
    assertThat(store.deleteSession(S)).isTrue();
    soon().until(() -> inside.findSession(S).isEmpty());

    assertThat(primary.arrive()).as("it is back for a moment").contains(new Accepted.New());

    awaitCaughtUp();
    assertThat(inside.findSession(S)).isEmpty();
    assertThat(inside.listTurns(S, Long.MAX_VALUE, 9)).isEmpty();
  }

  @Test
  void aDeletionDoesNotTakeWhatWasSaidAfterIt() {
    answered(1);
    primary.set(Fault.LATE);
    assertThat(store.deleteSession(S)).isTrue();
    var fresh = turn("s", 1, 1);
    store.accept(session("s", 1), fresh);
    primary.set(Fault.NONE);
    soon().until(store::isPrimaryHere);
    // in the meantime nothing of the new session goes to where the deletion may still come
    soon()
        .during(Duration.ofMillis(200))
        .until(() -> !inside.listTurns(S, Long.MAX_VALUE, 9).contains(fresh));

    primary.arrive();

    awaitCaughtUp();
    assertThat(inside.listTurns(S, Long.MAX_VALUE, 9)).containsExactly(fresh);
    assertThat(inside.findSession(S)).contains(session("s", 1));
    assertThat(store.listTurns(S, Long.MAX_VALUE, 9)).containsExactly(fresh);
  }
}
