package dev.askape.storage.sqlite;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes: takes what is queued, puts it into one transaction, commits (which
/// syncs) and only then tells the callers. A write that fails is rolled back alone.
final class Writer implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Writer.class);

  private final Database database;
  private final JobQueue queue;
  private final int maxBatch;
  private final AtomicLong commits = new AtomicLong();

  Writer(Database database, JobQueue queue, int maxBatch) {
    this.database = database;
    this.queue = queue;
    this.maxBatch = maxBatch;
  }

  /// How often something was committed.
  long commits() {
    return commits.get();
  }

  /// Ends when the queue is closed and empty.
  @Override
  public void run() {
    try {
      for (var jobs = queue.take(maxBatch); !jobs.isEmpty(); jobs = queue.take(maxBatch)) {
        commit(jobs.stream().filter(Job::begin).toList());
      }
    } catch (InterruptedException e) {
      // Nobody but close() ends this thread, and that by closing the queue.
      log.error("the writer of the data file was interrupted and is gone", e);
    } finally {
      queue.close();
      close();
    }
  }

  private void commit(List<? extends Job<?>> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    try {
      database.execute("BEGIN IMMEDIATE");
    } catch (SQLException e) {
      jobs.forEach(job -> job.fail(e));
      return;
    }
    try {
      for (var job : jobs) {
        run(job);
      }
      var wanted = jobs.stream().filter(Job::seal).toList();
      if (wanted.size() < jobs.size()) {
        // Somebody gave up while this ran. The rest is sealed now, so this happens once.
        rollBack();
        commit(wanted);
        return;
      }
      database.execute("COMMIT");
    } catch (SQLException e) {
      rollBack();
      fail(jobs, e);
      return;
    }
    commits.incrementAndGet();
    for (var job : jobs) {
      if (!job.deliver()) {
        undo(job);
      }
    }
  }

  /// @throws SQLException when the whole transaction is gone, as SQLite does when the disk is full
  private void run(Job<?> job) throws SQLException {
    database.execute("SAVEPOINT job");
    if (!job.run(database)) {
      database.execute("ROLLBACK TO job");
    }
    database.execute("RELEASE job");
  }

  /// What cannot be committed together may be committed one by one: a small write still fits where
  /// a big one does not, and who is at fault fails alone.
  private void fail(List<? extends Job<?>> jobs, SQLException cause) {
    if (jobs.size() == 1) {
      jobs.getFirst().fail(cause);
      return;
    }
    for (var job : jobs) {
      if (!job.abandoned()) {
        commit(List.of(job));
      }
    }
  }

  /// The caller was told that nothing was written, after the commit had begun: make it true.
  private void undo(Job<?> job) {
    if (!job.canUndo()) {
      return;
    }
    try {
      database.execute("BEGIN IMMEDIATE");
      job.undo(database);
      database.execute("COMMIT");
      log.warn("a write was committed after its caller had given up, and was taken back");
    } catch (SQLException e) {
      rollBack();
      log.error("a write was committed after its caller had given up, and stays", e);
    }
  }

  private void rollBack() {
    try {
      database.execute("ROLLBACK");
    } catch (SQLException _) {
      // There is no transaction any more: SQLite rolled it back itself.
    }
  }

  private void close() {
    try (database) {
      if (database.connection().isReadOnly()) {
        return;
      }
      database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      log.warn("the data file was closed uncleanly; nothing is lost, the log holds it", e);
    }
  }
}
