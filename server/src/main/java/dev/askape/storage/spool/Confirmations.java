package dev.askape.storage.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.StorageException;
import dev.askape.storage.sqlite.Confirmed;
import dev.askape.storage.sqlite.SqliteSpool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the spool what the primary store has confirmed, many records at a time, so that no user
/// waits for it: what is not told is only repeated once more after a restart. One virtual thread,
/// ended by [#close()] when it has told everything.
final class Confirmations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Confirmations.class);

  private final SqliteSpool spool;
  private final Thread thread;

  @GuardedBy("this")
  private List<Confirmed> waiting = new ArrayList<>();

  @GuardedBy("this")
  private boolean closed;

  Confirmations(SqliteSpool spool) {
    this.spool = spool;
    this.thread = Thread.ofVirtual().name("spool-confirm").start(this::run);
  }

  synchronized void add(Confirmed record) {
    waiting.add(record);
    notifyAll();
  }

  private void run() {
    try {
      for (var some = take(); !some.isEmpty(); some = take()) {
        tell(some);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(List<Confirmed> some) {
    try {
      spool.confirm(some, true);
    } catch (StorageException e) {
      LOG.warn(
          "{} records stay in the spool and will be repeated: {}", some.size(), e.getMessage());
    }
  }

  private synchronized List<Confirmed> take() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    var taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
