package dev.askape.storage.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.storage.sqlite.SqliteSpool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats what is spooled as long as something is, some sessions at a time; while the primary
/// store is away, one record from time to time, which finds out when it is back. Also sees to the
/// spool's size. One virtual thread and those that it starts, ended by [#close()].
final class Replayer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final long LOOK_NANOS = 20_000_000;
  private static final int EVICTED_AT_ONCE = 100;
  private static final SessionId NOBODYS = new SessionId("-");

  private final Primary primary;
  private final SqliteSpool spool;
  private final Replay replay;
  private final SpoolSettings settings;
  private final ExecutorService pushes = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread thread;

  @GuardedBy("this")
  private final LinkedHashSet<SessionId> waiting = new LinkedHashSet<>();

  @GuardedBy("this")
  private int underWay;

  private long pause; // of the thread

  Replayer(Primary primary, SqliteSpool spool, Replay replay, SpoolSettings settings) {
    this.primary = primary;
    this.spool = spool;
    this.replay = replay;
    this.settings = settings;
    this.pause = settings.firstRetry().toMillis();
    this.thread = Thread.ofVirtual().name("spool-replay").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  synchronized void add(SessionId session) {
    if (waiting.add(session)) {
      notifyAll();
    }
  }

  synchronized void addAll(Collection<SessionId> sessions) {
    waiting.addAll(sessions);
    notifyAll();
  }

  /// Waits until nothing is left to be repeated, or the primary store turns out to be away.
  ///
  /// @return whether nothing is left
  synchronized boolean awaitNone(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!waiting.isEmpty() || underWay > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || !primary.isHere()) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, LOOK_NANOS));
    }
    return true;
  }

  private void run() {
    try {
      while (true) {
        once();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  // one failing round must not be the last one
  @SuppressWarnings("IllegalCatch")
  private void once() throws InterruptedException {
    var some = take(primary.isHere() ? settings.replays() : 1);
    boolean here;
    try {
      here = some.isEmpty() ? look() : push(some);
    } catch (RejectedExecutionException _) {
      throw new InterruptedException("closed");
    } catch (RuntimeException e) {
      LOG.error("repeating what is spooled failed", e);
      here = false;
    } finally {
      done();
    }
    if (here) {
      pause = settings.firstRetry().toMillis();
    } else {
      TimeUnit.MILLISECONDS.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
      pause = Math.min(2 * pause, settings.lastRetry().toMillis());
    }
  }

  /// What to do next; empty when there has been nothing for a while.
  private synchronized List<SessionId> take(int max) throws InterruptedException {
    long deadline = System.nanoTime() + TICK.toNanos();
    while (waiting.isEmpty() && primary.isHere() && deadline - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
    }
    var taken = new ArrayList<SessionId>();
    while (taken.size() < max && !waiting.isEmpty()) {
      taken.add(waiting.removeFirst());
    }
    underWay = taken.size();
    return taken;
  }

  private synchronized void done() {
    underWay = 0;
    notifyAll();
  }

  private boolean push(List<SessionId> sessions) throws InterruptedException {
    var tasks = sessions.stream().map(it -> pushes.submit(() -> push(it))).toList();
    boolean here = true;
    try {
      for (var task : tasks) {
        here &= task.get();
      }
      return here;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /// One session that cannot be repeated goes to the end of the line, so that it does not hold up
  /// the others.
  private boolean push(SessionId session) {
    boolean done = false;
    try {
      done = replay.of(session);
    } catch (StorageException e) {
      LOG.warn("session={} could not be repeated: {}", session, e.getMessage());
    } finally {
      if (!done) {
        add(session);
      }
    }
    return done;
  }

  /// When nothing waits: whether the primary store is back, and whether too much is mirrored.
  private boolean look() {
    primary.cancelOverdue();
    if (!primary.isHere()) {
      return !(primary.insist(store -> store.findSession(NOBODYS)) instanceof Reply.Away);
    }
    try {
      while (spool.mirror().evict(EVICTED_AT_ONCE) == EVICTED_AT_ONCE) {
        LOG.debug("more sessions than may be mirrored");
      }
    } catch (StorageException e) {
      LOG.warn("the spool could not be made smaller: {}", e.getMessage());
    }
    return true;
  }

  @Override
  public void close() {
    thread.interrupt();
    pushes.shutdownNow();
    try {
      thread.join(TICK);
      pushes.awaitTermination(TICK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
