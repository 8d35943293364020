package dev.askape.storage.sqlite;

import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.Samples;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

@Timeout(60)
class WriterTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private SqliteStore store;

  @BeforeEach
  void openStore() {
    store = open(Duration.ZERO, 1_000);
  }

  @AfterEach
  void closeStore() {
    store.close();
    callers.close();
  }

  private SqliteStore open(Duration checkpointDelay, int maxQueuedWrites) {
    return SqliteStore.open(
        new SqliteSettings(
            Optional.of(folder.resolve("a.db")),
            2,
            maxQueuedWrites,
            100,
            256,
            LONG,
            checkpointDelay));
  }

  private void reopen(Duration checkpointDelay, int maxQueuedWrites) {
    store.close();
    store = open(checkpointDelay, maxQueuedWrites);
  }

  @Test
  void syncsEachCommit() {
    assertThat(pragma("synchronous")).isEqualTo("2");
    assertThat(pragma("journal_mode")).isEqualTo("wal");
    assertThat(pragma("foreign_keys")).isEqualTo("1");
    assertThat(pragma("fullfsync")).isEqualTo("1");
  }

  @Test
  void commitsTogetherWhatWaitsTogether() throws Exception {
    long before = store.writer().commits();
    var posts = new ArrayList<Future<Accepted>>();
    try (var _ = Gate.before(store.writes())) {
      for (int n = 1; n <= 100; n++) {
        posts.add(post(turn("s", n, 2)));
      }
      await().until(() -> store.writes().size() == 100);
    }
    for (var post : posts) {
      assertThat(post.get()).isEqualTo(new Accepted.New());
    }

    // One for the gate and one for the hundred.
    assertThat(store.writer().commits() - before).isEqualTo(2);
    assertThat(store.listTurns(new SessionId("s"), Long.MAX_VALUE, 1_000)).hasSize(100);
  }

  @Test
  void letsOnlyTheFailingOneOfABatchFail() throws Exception {
    var taken = turn("s", 1, 1);
    var posts = new ArrayList<Future<Accepted>>();
    try (var _ = Gate.before(store.writes())) {
      posts.add(post(taken));
      await().until(() -> store.writes().size() == 1);
      posts.add(post(Samples.sent(taken, Samples.GUEST, Optional.empty())));
      await().until(() -> store.writes().size() == 2);
      posts.add(post(turn("s", 2, 1)));
      await().until(() -> store.writes().size() == 3);
    }

    assertThat(posts.get(0).get()).isEqualTo(new Accepted.New());
    assertThatThrownBy(posts.get(1)::get).hasRootCauseInstanceOf(SQLException.class);
    assertThat(posts.get(2).get()).isEqualTo(new Accepted.New());
    assertThat(store.listTurns(taken.sessionId(), Long.MAX_VALUE, 9))
        .containsExactly(taken, turn("s", 2, 1));
  }

  @Test
  void makesACheckpointWaitForTheNextWriteToShareItsSync() throws Exception {
    reopen(LONG.minusSeconds(1), 1_000);
    var turn = turn("s", 1, 1);
    store.accept(session("s", 1), turn);
    long before = store.writer().commits();

    var part = text(turn.answers().getFirst(), 0, "so far");
    var checkpoint = callers.submit(() -> store.checkpoint(turn.messageId(), 1, List.of(part)));
    await().until(() -> store.writes().size() == 1);
    assertThat(store.writer().commits()).isEqualTo(before);
    store.accept(session("t", 1), turn("t", 1, 1));

    assertThat(checkpoint.get(20, SECONDS)).isTrue();
    assertThat(store.writer().commits()).isEqualTo(before + 1);
  }

  @Test
  void writesACheckpointThatNobodyJoins() {
    reopen(Duration.ofMillis(5), 1_000);
    var turn = turn("s", 1, 1);
    store.accept(session("s", 1), turn);

    var part = text(turn.answers().getFirst(), 0, "so far");
    assertThat(store.checkpoint(turn.messageId(), 1, List.of(part))).isTrue();
  }

  @Test
  void closesWithoutWaitingForTheDelayOfACheckpoint() throws Exception {
    reopen(LONG.minusSeconds(1), 1_000);
    var turn = turn("s", 1, 1);
    store.accept(session("s", 1), turn);
    var part = text(turn.answers().getFirst(), 0, "so far");
    var checkpoint = callers.submit(() -> store.checkpoint(turn.messageId(), 1, List.of(part)));
    await().until(() -> store.writes().size() == 1);

    store.close();

    assertThat(checkpoint.get(20, SECONDS)).isTrue();
  }

  @Test
  void finishesWhatIsQueuedWhenItIsClosed() throws Exception {
    var posts = new ArrayList<Future<Accepted>>();
    Future<?> closing;
    try (var _ = Gate.before(store.writes())) {
      for (int n = 1; n <= 10; n++) {
        posts.add(post(turn("s", n, 1)));
      }
      await().until(() -> store.writes().size() == 10);
      closing = callers.submit(store::close);
      await().until(() -> refusesWrites());
    }
    closing.get();
    for (var post : posts) {
      assertThat(post.get()).isEqualTo(new Accepted.New());
    }

    store = open(Duration.ZERO, 10);
    assertThat(store.listTurns(new SessionId("s"), Long.MAX_VALUE, 99)).hasSize(10);
  }

  private boolean refusesWrites() {
    try {
      store.writes().add(new Job<>(_ -> true, Optional.empty(), false));
      return false;
    } catch (StorageException _) {
      return true;
    }
  }

  @Test
  void withdrawsAWriteThatWaitedTooLongInTheQueue() {
    var ran = new AtomicBoolean();
    var job = new Job<>(_ -> ran.getAndSet(true), Optional.empty(), false);
    try (var _ = Gate.before(store.writes())) {
      assertThatThrownBy(() -> store.writes().call(job, Duration.ZERO))
          .isInstanceOf(StorageException.class);
      assertThat(store.writes().size()).isZero();
    }
    barrier();

    assertThat(ran).isFalse();
  }

  @Test
  void rollsBackAWriteThatWasGivenUpWhileItRanAndKeepsItsCompanions() throws Exception {
    var gate = new Gate();
    var givenUp =
        new Job<>(
            database -> {
              SessionRows.write(database, session("given-up", 1));
              return gate.run(database);
            },
            Optional.empty(),
            false);
    Future<Accepted> companion;
    try (var _ = Gate.before(store.writes())) {
      store.writes().add(givenUp);
      companion = post(turn("s", 1, 1));
      await().until(() -> store.writes().size() == 2);
    }
    gate.awaitReached();
    assertThatThrownBy(() -> givenUp.await(Duration.ZERO)).isInstanceOf(StorageException.class);
    gate.close();

    assertThat(companion.get()).isEqualTo(new Accepted.New());
    assertThat(store.findSession(new SessionId("given-up"))).isEmpty();
    assertThat(store.findSession(new SessionId("s"))).isPresent();
  }

  @Test
  void takesBackAnAcceptedTurnWhoseCommitCameTooLate() {
    store.accept(session("s", 1), turn("s", 1, 1));
    var late = turn("s", 2, 1);
    var lateAndFirst = turn("t", 1, 1);
    var jobs =
        List.of(
            SqliteStore.acceptance(session("s", 2), late, Samples.RESERVATION),
            SqliteStore.acceptance(session("t", 1), lateAndFirst, Samples.RESERVATION));
    try (var commit = new Gate()) {
      SQLiteCommitListener slowDisk = onCommit(commit);
      try (var _ = Gate.before(store.writes())) {
        jobs.forEach(store.writes()::add);
        store.writes().add(listen(slowDisk));
      }
      commit.awaitReached();
      for (var job : jobs) {
        assertThatThrownBy(() -> job.await(Duration.ZERO))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("did not confirm");
      }
    }
    barrier();

    assertThat(store.findSession(new SessionId("t"))).isEmpty();
    assertThat(store.account(Samples.ANNA).dayTokens()).isZero();
    assertThat(store.listTurns(new SessionId("s"), Long.MAX_VALUE, 9))
        .containsExactly(turn("s", 1, 1));
    var session = store.findSession(new SessionId("s")).orElseThrow();
    assertThat(List.of(session.messageCount(), session.lastSeq())).containsOnly(2L);
    assertThat(store.accept(session("s", 2), late)).isEqualTo(new Accepted.New());
  }

  @Test
  void keepsTheFirstOneWhenItsRepetitionCameTooLate() {
    var first = turn("s", 1, 1);
    store.accept(session("s", 1), first);
    var again = SqliteStore.acceptance(session("s", 1), first, Samples.RESERVATION);
    try (var commit = new Gate()) {
      try (var _ = Gate.before(store.writes())) {
        store.writes().add(again);
        store.writes().add(listen(onCommit(commit)));
      }
      commit.awaitReached();
      assertThatThrownBy(() -> again.await(Duration.ZERO)).isInstanceOf(StorageException.class);
    }
    barrier();

    assertThat(store.listTurns(first.sessionId(), Long.MAX_VALUE, 9)).containsExactly(first);
  }

  private static Job<Boolean> listen(SQLiteCommitListener listener) {
    return new Job<>(
        database -> {
          ((SQLiteConnection) database.connection()).addCommitListener(listener);
          return true;
        },
        Optional.empty(),
        false);
  }

  private static SQLiteCommitListener onCommit(Gate gate) {
    return new SQLiteCommitListener() {
      @Override
      public void onCommit() {
        gate.pass();
      }

      @Override
      public void onRollback() {}
    };
  }

  @Test
  void refusesOneMoreThanMayWait() throws Exception {
    reopen(Duration.ZERO, 1);
    Future<Accepted> waiting;
    try (var _ = Gate.before(store.writes())) {
      waiting = post(turn("s", 1, 1));
      await().until(() -> store.writes().size() == 1);
      assertThatThrownBy(() -> store.accept(session("s", 2), turn("s", 2, 1)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("Too many writes");
    }

    assertThat(waiting.get()).isEqualTo(new Accepted.New());
  }

  @Test
  void readsWhileTheWriterIsStuck() {
    store.accept(session("s", 1), turn("s", 1, 1));

    try (var _ = Gate.before(store.writes())) {
      assertThat(store.findSession(new SessionId("s"))).isPresent();
      assertThat(store.listTurns(new SessionId("s"), Long.MAX_VALUE, 9)).hasSize(1);
    }
  }

  @Test
  void survivesWorkThatThrowsWhatever() {
    assertThatThrownBy(() ->
            store.write(_ -> {
              throw new OutOfMemoryError("pretended");
            }))
        .isInstanceOf(StorageException.class);
    assertThatThrownBy(() ->
            store.read(_ -> {
              throw new IllegalStateException("pretended");
            }))
        .isInstanceOf(StorageException.class);

    store.accept(session("s", 1), turn("s", 1, 1));
    assertThat(store.findSession(new SessionId("s"))).isPresent();
  }

  @Test
  void goesOnWhenTheDiskWasFullAndHasSpaceAgain() throws Exception {
    long pages = Long.parseLong(pragma("page_count"));
    pragma("max_page_count = " + (pages + 40));
    var big = Samples.said(turn("s", 2, 1), "x".repeat(1_000_000));
    var posts = new ArrayList<Future<Accepted>>();
    try (var _ = Gate.before(store.writes())) {
      for (var turn : List.of(turn("s", 1, 1), big, turn("s", 3, 1))) {
        posts.add(post(turn));
        await().until(() -> store.writes().size() == posts.size());
      }
    }

    assertThat(posts.get(0).get()).isEqualTo(new Accepted.New());
    assertThatThrownBy(posts.get(1)::get)
        .cause()
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the disk is full");
    assertThat(posts.get(2).get()).isEqualTo(new Accepted.New());

    pragma("max_page_count = 1000000");
    assertThat(post(big).get()).isEqualTo(new Accepted.New());
    assertThat(store.listTurns(new SessionId("s"), Long.MAX_VALUE, 9))
        .containsExactly(turn("s", 1, 1), big, turn("s", 3, 1));
    assertThat(pragma("integrity_check")).isEqualTo("ok");
  }

  @Test
  void endsItsThreadsWhenClosed() {
    var before = threads();
    assertThat(before).contains("sqlite-writer", "sqlite-reader-1", "sqlite-reader-2");

    store.close();

    assertThat(threads()).doesNotContainAnyElementsOf(before);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("sqlite-"))
        .toList();
  }

  private Future<Accepted> post(TurnRecord turn) {
    int n = (int) (turn.seq() + 1) / 2;
    return callers.submit(() -> store.accept(session(turn.sessionId().value(), n), turn));
  }

  private void barrier() {
    store.write(_ -> true);
  }

  private String pragma(String pragma) {
    return store.write(
        database -> database.one("PRAGMA " + pragma, row -> row.getString(1)).orElseThrow());
  }
}
