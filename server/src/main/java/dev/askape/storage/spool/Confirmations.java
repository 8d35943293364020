package dev.askape.storage.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.StorageException;
import dev.askape.storage.sqlite.Confirmed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the spool what the primary store has confirmed, many records at a time, so that no user
/// waits for it, and again when the spool fails: what is not told takes its space and is repeated
/// once more after a restart. One virtual thread, ended by [#close()] when it has told everything.
final class Confirmations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Confirmations.class);

  private static final int MANY = 100_000;
  private static final long PAUSE_MS = 1_000;

  private final Consumer<List<Confirmed>> spool;
  private final Thread thread;

  @GuardedBy("this")
  private List<Confirmed> waiting = new ArrayList<>();

  @GuardedBy("this")
  private boolean closed;

  /// @param spool told; throws [StorageException]
  Confirmations(Consumer<List<Confirmed>> spool) {
    this.spool = spool;
    this.thread = Thread.ofVirtual().name("spool-confirm").start(this::run);
  }

  /// Tells of a record soon.
  ///
  /// @return true: the primary store has it
  synchronized boolean add(Confirmed record) {
    waiting.add(record);
    notifyAll();
    return true;
  }

  private void run() {
    try {
      for (var some = take(); !some.isEmpty(); some = take()) {
        if (!tell(some)) {
          putBack(some);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tell(List<Confirmed> some) {
    try {
      spool.accept(some);
      return true;
    } catch (StorageException e) {
      LOG.warn("{} records are confirmed and stay in the spool: {}", some.size(), e.getMessage());
      return false;
    }
  }

  /// Waits a little; what is too much then is left to the next start.
  private synchronized void putBack(List<Confirmed> some) throws InterruptedException {
    if (!closed) {
      waiting.addAll(some.subList(0, Math.clamp(MANY - waiting.size(), 0, some.size())));
      TimeUnit.MILLISECONDS.timedWait(this, PAUSE_MS);
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
