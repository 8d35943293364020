package dev.askape.storage.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.storage.spool.Replay.Progress;
import dev.askape.storage.sqlite.SqliteSpool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Set<SessionId> underWay = new HashSet<>();

  /// Sessions that have to wait, and until when in nanoseconds.
  @GuardedBy("this")
  private final Map<SessionId, Long> postponed = new LinkedHashMap<>();

  // of the thread
  private long pause;
  private boolean answers;

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
    if (!postponed.containsKey(session) && waiting.add(session)) {
      notifyAll();
    }
  }

  void addAll(Collection<SessionId> sessions) {
    sessions.forEach(this::add);
  }

  private synchronized void postpone(SessionId session) {
    waiting.remove(session);
    postponed.put(session, System.nanoTime() + settings.late().toNanos());
  }

  /// Whether something of the session is being repeated or is about to be.
  synchronized boolean isAt(SessionId session) {
    return waiting.contains(session)
        || underWay.contains(session)
        || postponed.containsKey(session);
  }

  /// Waits until nothing is left to be repeated, or the primary store turns out to be away.
  ///
  /// @return whether nothing is left
  synchronized boolean awaitNone(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!waiting.isEmpty() || !underWay.isEmpty()) {
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
    var some = take(answers || primary.isHere() ? settings.replays() : 1);
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
    answers = here;
    if (!here) {
      sleep();
      pause = Math.min(2 * pause, settings.lastRetry().toMillis());
      return;
    }
    pause = settings.firstRetry().toMillis();
    if (some.isEmpty() && !primary.isHere()) {
      sleep(); // it answers, and is not believed yet
    }
  }

  private void sleep() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
  }

  /// What to do next; empty when there has been nothing for a while.
  private synchronized List<SessionId> take(int max) throws InterruptedException {
    long deadline = System.nanoTime() + TICK.toNanos();
    long left = untilNext(deadline);
    while (waiting.isEmpty() && primary.isHere() && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = untilNext(deadline);
    }
    var taken = new ArrayList<SessionId>();
    while (taken.size() < max && !waiting.isEmpty()) {
      taken.add(waiting.removeFirst());
    }
    underWay.addAll(taken);
    return taken;
  }

  /// Puts those in line that have waited long enough.
  ///
  /// @return how long there is nothing else to do, in nanoseconds, but not beyond `deadline`
  @GuardedBy("this")
  private long untilNext(long deadline) {
    long now = System.nanoTime();
    long left = deadline - now;
    for (var all = postponed.entrySet().iterator(); all.hasNext(); ) {
      var next = all.next(); // in the order of their time
      long wait = next.getValue() - now;
      if (wait > 0) {
        return Math.min(left, wait);
      }
      all.remove();
      waiting.add(next.getKey());
    }
    return left;
  }

  private synchronized void done() {
    underWay.clear();
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
    var progress = Progress.AWAY;
    try {
      progress = replay.of(session);
    } catch (StorageException e) {
      LOG.warn("session={} could not be repeated: {}", session, e.getMessage());
    } finally {
      switch (progress) {
        case DONE -> {}
        case AWAY -> add(session);
        case LATER -> postpone(session);
      }
    }
    return progress != Progress.AWAY;
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
