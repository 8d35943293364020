package dev.askape.storage.spool;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.sent;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.turn;
import static dev.askape.storage.spool.Spools.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.SessionId;
import dev.askape.chat.StoreAwayException;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.spool.FaultyStore.Fault;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteSpool;
import dev.askape.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A mirror that is of another time than the primary store, which was restored, replaced or used by
/// somebody else.
@Timeout(60)
class MirroringTest {
  private static final SessionId S = new SessionId("s");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final ConversationStore inside = SqliteStore.open(SqliteSettings.memory());
  private final FaultyStore primary = new FaultyStore(inside);
  private FailoverStore store;

  @BeforeEach
  void mirrorASession() {
    store = Spools.open(folder.resolve("spool.db"), primary, PATIENCE);
    Spools.awaitLearnt(store);
    for (int n = 1; n <= 3; n++) {
      chat(store, n);
    }
    soon().until(() -> store.spooled().records() == 0);
  }

  private static void chat(ConversationStore in, int n) {
    var turn = turn("s", n, 1);
    assertThat(in.accept(session("s", n), turn)).isEqualTo(new Accepted.New());
    in.endAnswer(turn.messageId(), 1, completed(turn.answers().getFirst(), "Answer", ""));
  }

  @AfterEach
  void closeStores() {
    store.close();
    inside.close();
  }

  private List<Long> places() {
    return store.listTurns(S, Long.MAX_VALUE, 99).stream().map(TurnRecord::seq).toList();
  }

  @Test
  void takesMessagesOfASessionThatThePrimaryStoreHasLost() {
    inside.deleteSession(S);

    var fresh = sent(turn("s", 1, 1), ANNA, Optional.empty());
    assertThat(store.accept(session("s", 1), fresh)).isEqualTo(new Accepted.New());

    primary.set(Fault.REFUSE);
    assertThat(places()).containsExactly(1L);
  }

  @Test
  void takesMessagesOfASessionOfWhichThePrimaryStoreHasLostTheNewest() {
    inside.deleteSession(S);
    chat(inside, 1);

    chat(store, 2);

    primary.set(Fault.REFUSE);
    assertThat(places()).containsExactly(1L, 3L);
  }

  @Test
  void leavesNoHoleWhereThePrimaryStoreHasMore() {
    chat(inside, 4);

    chat(store, 5);

    primary.set(Fault.REFUSE);
    assertThat(places()).containsExactly(1L, 3L, 5L, 7L, 9L);
  }

  @Test
  void refusesAMessageThatDoesNotFollowWhatIsKnown() {
    chat(inside, 4);
    primary.set(Fault.REFUSE);

    assertThatThrownBy(() -> store.accept(session("s", 5), turn("s", 5, 1)))
        .isInstanceOf(StoreAwayException.class);
  }

  @Test
  void doesNotMirrorWhatWasDeleted() {
    store.close();
    try (var spool =
            SqliteSpool.open(
                SqliteSettings.file(folder.resolve("spool.db")),
                Spools.LIMITS,
                InstantSource.system());
        var wall = new Primary(() -> primary, "the test's", Spools.settings(PATIENCE));
        var mirroring = new Mirroring(wall, spool, Spools.settings(PATIENCE))) {
      spool.deleteSession(S);

      assertThat(mirroring.now(S)).isFalse();

      assertThat(spool.mirror().findMirroredFrom(S)).isEmpty();
    }
  }
}
