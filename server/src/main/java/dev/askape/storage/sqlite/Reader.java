package dev.askape.storage.sqlite;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that reads, one call at a time, each from one snapshot of the database.
final class Reader implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Reader.class);

  private final Database database;
  private final JobQueue queue;

  Reader(Database database, JobQueue queue) {
    this.database = database;
    this.queue = queue;
  }

  /// Ends when the queue is closed and empty.
  @Override
  public void run() {
    try (database) {
      for (var jobs = queue.take(1); !jobs.isEmpty(); jobs = queue.take(1)) {
        jobs.stream().filter(Job::begin).forEach(this::read);
      }
    } catch (InterruptedException e) {
      // Nobody but close() ends this thread, and that by closing the queue.
      log.error("a reader of the data file was interrupted and is gone", e);
    } catch (SQLException e) {
      log.warn("a reader of the data file was closed uncleanly", e);
    }
  }

  private void read(Job<?> job) {
    try {
      database.execute("BEGIN");
      try {
        job.run(database);
      } finally {
        database.execute("ROLLBACK");
      }
      job.deliver();
    } catch (SQLException e) {
      job.fail(e);
    }
  }
}
