package dev.askape.storage.spool;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.spool.FaultyStore.Fault;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationTest {
  private static final int SESSIONS = 12;

  @AutoClose private final ConversationStore from = SqliteStore.open(SqliteSettings.memory());

  @AutoClose private final ConversationStore inside = SqliteStore.open(SqliteSettings.memory());

  private final FaultyStore to = new FaultyStore(inside);

  @BeforeEach
  void chat() {
    for (int s = 0; s < SESSIONS; s++) {
      var id = "s" + s;
      for (int n = 1; n <= 3 * s; n++) {
        var turn = turn(id, n, 2);
        from.accept(session(id, s % 2 == 0 ? ANNA : GUEST, n), turn);
        for (var answer : turn.answers()) {
          from.endAnswer(turn.messageId(), 1, completed(answer, "Answer " + n, "Hm."));
        }
      }
    }
  }

  private void hasEverything() {
    for (int s = 0; s < SESSIONS; s++) {
      var id = new SessionId("s" + s);
      assertThat(inside.findSession(id)).isEqualTo(from.findSession(id));
      assertThat(inside.listTurns(id, Long.MAX_VALUE, 1_000))
          .isEqualTo(from.listTurns(id, Long.MAX_VALUE, 1_000));
    }
  }

  @Test
  void copiesEverything() {
    var told = new ArrayList<Long>();

    var result = new Migration(from, to).run(told::add);

    hasEverything();
    assertThat(result.sessions()).isEqualTo(SESSIONS - 1);
    assertThat(result.turns()).isEqualTo(3 * 66);
    assertThat(told).hasSize(SESSIONS - 1).isSorted();
  }

  @Test
  void goesOnWhereItWasCutShort() {
    int cuts = 0;
    for (int calls = 10; cuts < 100; calls += 50) {
      int last = calls;
      var number = new AtomicInteger();
      to.set(() -> number.incrementAndGet() < last ? Fault.NONE : Fault.LOSE_ANSWER);
      try {
        new Migration(from, to).run(_ -> {});
        break;
      } catch (StorageException _) {
        cuts++;
      }
    }

    assertThat(cuts).isBetween(2, 99);
    hasEverything();
  }

  @Test
  void passesOverWhatIsThere() {
    new Migration(from, to).run(_ -> {});
    int before = to.calls();

    var again = new Migration(from, to).run(_ -> {});

    assertThat(again).isEqualTo(new Migration.Result(0, 0, SESSIONS - 1, 0));
    assertThat(to.calls() - before).isEqualTo(SESSIONS - 1);
  }

  @Test
  void refusesToMixTwoSessionsOfOneId() {
    inside.accept(session("s5", 1), turnOfOthers());

    assertThatThrownBy(() -> new Migration(from, to).run(_ -> {}))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("s5");
  }

  private static TurnRecord turnOfOthers() {
    var turn = turn("x", 1, 1);
    return new TurnRecord(
        new SessionId("s5"),
        turn.seq(),
        turn.userMessageId(),
        turn.messageId(),
        turn.sender(),
        Optional.empty(),
        turn.content(),
        turn.tokens(),
        turn.createdAt(),
        turn.epoch(),
        turn.running(),
        List.of());
  }
}
