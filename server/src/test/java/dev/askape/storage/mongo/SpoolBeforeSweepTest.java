package dev.askape.storage.mongo;

import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.spool.FailoverStore;
import dev.askape.storage.spool.FaultyStore;
import dev.askape.storage.spool.FaultyStore.Fault;
import dev.askape.storage.spool.SpoolSettings;
import dev.askape.storage.sqlite.SpoolLimits;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that comes back after an outage and a crash has two things to say of what it left: its
/// spool has how answers went on, the database only that their process is dead.
class SpoolBeforeSweepTest {
  @TempDir private Path folder;
  @AutoClose private final Stores stores = new Stores();
  private final TurnRecord turn = turn("s", 1, 1);
  private final AnswerRecord answer = turn.answers().getFirst();

  private SqliteSpool spool() {
    return SqliteSpool.open(
        SqliteSettings.file(folder.resolve("spool.db")),
        new SpoolLimits(1_000_000, 10, 10),
        InstantSource.system());
  }

  private static SpoolSettings settings() {
    return SpoolSettings.of(Duration.ofSeconds(10), 10, 1_000_000);
  }

  /// The message reaches the database, and what follows only the spool; then the process dies.
  private void outage(Runnable meanwhile, FailoverStore store, FaultyStore way) {
    assertThat(store.accept(session("s", 1), turn)).isNotNull();
    await().until(() -> store.spooled().records() == 0);
    way.set(Fault.REFUSE);
    meanwhile.run();
  }

  /// A new process whose sweep has looked before anything of the spool is repeated.
  private FailoverStore restart() {
    var spool = spool();
    return FailoverStore.open(
        spool,
        "the test's",
        () -> {
          var mongo = MongoStore.connect(stores.settings("node"), spool::isSettled);
          mongo.sweep();
          return mongo;
        },
        settings());
  }

  private AnswerRecord kept(FailoverStore store) {
    return store.findTurn(turn.sessionId(), turn.messageId()).orElseThrow().answers().getFirst();
  }

  @Test
  void keepsTheEndOfAnAnswerThatOnlyTheSpoolHas() {
    var end = completed(answer, "all of it", "");
    var way = new FaultyStore(MongoStore.open(stores.settings("node")));
    try (var store = FailoverStore.open(spool(), "the test's", () -> way, settings())) {
      outage(() -> assertThat(store.endAnswer(turn.messageId(), 1, end)).isTrue(), store, way);
    }
    way.inside().close();

    try (var store = restart()) {
      store.interruptRunning(START);
      await().until(() -> store.spooled().records() == 0);
      assertThat(store.spooled().deadLetters()).isZero();
      assertThat(kept(store)).isEqualTo(end);
    }
  }

  @Test
  void endsARunningAnswerWithAllThatTheSpoolHasOfIt() {
    var way = new FaultyStore(MongoStore.open(stores.settings("node")));
    try (var store = FailoverStore.open(spool(), "the test's", () -> way, settings())) {
      outage(
          () ->
              assertThat(store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "so far"))))
                  .isTrue(),
          store,
          way);
    }
    way.inside().close();

    try (var store = restart()) {
      assertThat(store.interruptRunning(START)).isEqualTo(1);
      await().until(() -> store.spooled().records() == 0);
      assertThat(kept(store).state()).isEqualTo(AnswerState.INTERRUPTED);
      assertThat(kept(store).content()).isEqualTo("so far");
    }
  }
}
