package dev.askape.storage.spool;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The primary store behind a wall: each call is made on a thread of its own, so that nobody waits
/// for it longer than he wants to, and so many at once at most. Safe for any thread.
final class Primary implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Primary.class);
  private static final SessionId NOBODYS = new SessionId("-");
  private static final int MUCH = 4;
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private record Call(FutureTask<?> task, long startedAt) {}

  private final Supplier<ConversationStore> opening;
  private final SpoolSettings settings;
  private final Health health;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore asked;
  private final Semaphore insisted;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final ReentrantLock opens = new ReentrantLock();
  private volatile @Nullable ConversationStore store;

  /// @param opening opens the store, when it is first needed; tried again when it fails
  Primary(Supplier<ConversationStore> opening, String name, SpoolSettings settings) {
    this.opening = opening;
    this.settings = settings;
    this.health = new Health(name);
    this.asked = new Semaphore(settings.calls());
    this.insisted = new Semaphore(settings.calls());
  }

  /// Whether it answered lately.
  boolean isHere() {
    return health.isGood();
  }

  /// Finds out whether it is there, before anybody asks.
  ///
  /// @param warmUp how long failures may be those of a start
  void look(Duration warmUp) {
    long end = System.nanoTime() + warmUp.toNanos();
    do {
      if (insist(store -> store.findSession(NOBODYS)) instanceof Reply.Given) {
        health.recover();
        return;
      }
    } while (System.nanoTime() < end && !Thread.currentThread().isInterrupted());
    health.giveUp();
  }

  /// Asks on behalf of a user, unless it is away.
  <T> Reply<T> ask(Function<ConversationStore, T> what) {
    return isHere() ? call(what, settings.patience(), asked) : new Reply.Away<>("it is away");
  }

  /// Asks for a lot on behalf of a user, unless it is away.
  <T> Reply<T> askForMuch(Function<ConversationStore, T> what) {
    return isHere()
        ? call(what, settings.patience().multipliedBy(MUCH), asked)
        : new Reply.Away<>("it is away");
  }

  /// Asks on behalf of nobody who waits, also when it is away; when it answers as fast as a user
  /// would want, it is back.
  <T> Reply<T> insist(Function<ConversationStore, T> what) {
    long start = System.nanoTime();
    var reply = call(what, settings.deadline(), insisted);
    if (!(reply instanceof Reply.Away)
        && System.nanoTime() - start < settings.patience().toNanos()) {
      health.recover();
    }
    return reply;
  }

  private <T> Reply<T> call(
      Function<ConversationStore, T> what, Duration atMost, Semaphore permits) {
    long start = System.nanoTime();
    long deadline = start + atMost.toNanos();
    if (!Waiting.acquire(permits, deadline)) {
      return timedOut(start, "too many calls wait for it");
    }
    var task = new FutureTask<>(() -> what.apply(store()));
    var call = new Call(task, start);
    calls.add(call);
    try {
      threads.execute(() -> {
        try {
          task.run();
        } finally {
          calls.remove(call);
          permits.release();
        }
      });
    } catch (RejectedExecutionException e) {
      calls.remove(call);
      permits.release();
      throw new StorageException("The store is closed", e);
    }
    return await(task, start, deadline);
  }

  private <T> Reply<T> await(FutureTask<T> task, long start, long deadline) {
    try {
      var value = Waiting.get(task, deadline);
      health.succeeded(System.nanoTime() - start);
      return new Reply.Given<>(value);
    } catch (TimeoutException _) {
      if (System.nanoTime() - start >= settings.deadline().toNanos()) {
        task.cancel(true); // nobody may be surprised by what it does later
      }
      return timedOut(start, "it does not answer");
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof RecordRefusedException refused) {
        health.succeeded(System.nanoTime() - start);
        return new Reply.Refused<>(String.valueOf(refused.getMessage()));
      }
      if (!(cause instanceof StorageException)) {
        LOG.error("the primary store failed in an unknown way", cause);
      }
      LOG.debug("the primary store: {}", cause.getMessage());
      health.failed(System.nanoTime() - start, cause);
      return new Reply.Away<>(String.valueOf(cause.getMessage()));
    } catch (CancellationException _) {
      return timedOut(start, "the call was given up");
    }
  }

  private <T> Reply<T> timedOut(long start, String why) {
    LOG.debug("the primary store: {}", why);
    health.failed(System.nanoTime() - start, new StorageException(why));
    health.giveUp();
    return new Reply.Away<>(why);
  }

  private ConversationStore store() {
    var open = store;
    if (open != null) {
      return open;
    }
    opens.lock();
    try {
      open = store;
      if (open == null) {
        open = opening.get();
        store = open;
      }
      return open;
    } finally {
      opens.unlock();
    }
  }

  /// Interrupts calls that nobody waits for any more.
  void cancelOverdue() {
    long since = System.nanoTime() - 2 * settings.deadline().toNanos();
    for (var call : calls) {
      if (call.startedAt() - since < 0) {
        call.task().cancel(true);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("calls of the primary store do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var open = store;
    if (open != null) {
      open.close();
    }
  }
}
