package dev.askape.storage.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.StorageException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.bson.BsonMaximumSizeExceededException;
import org.jspecify.annotations.Nullable;

/// Makes calls, each on a virtual thread of its own: an interrupt of the caller would close the
/// connection in the middle of a write. The caller waits, for as long as a call may take and not
/// longer, and keeps its interrupt. Safe for any thread.
final class Calls implements AutoCloseable {
  /// For a call to end by itself, with a better word than "in time", before it is given up.
  private static final Duration GRACE = Duration.ofMillis(500);

  private final MongoDatabase database;
  private final Duration atMost;
  private final Semaphore free;
  private final Locks locks = new Locks();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mongo-", 1).factory());

  Calls(MongoDatabase database, Duration atMost, int maxCalls) {
    this.database = database;
    this.atMost = atMost;
    this.free = new Semaphore(maxCalls);
  }

  /// @param what was to be done, for messages
  /// @param work may be done twice: it must come to the same whatever of it was done before
  /// @throws StorageException when it could not be done, or nobody knows whether it was
  <T> T call(String what, Function<Round, T> work) {
    return call(what, atMost, work);
  }

  <T> T call(String what, Duration patience, Function<Round, T> work) {
    if (!free.tryAcquire()) {
      throw new StorageException(what + ": too many calls wait for MongoDB");
    }
    var deadline = Deadline.in(patience);
    var task =
        new FutureTask<>(() -> {
          try {
            return tried(work, deadline);
          } finally {
            free.release();
          }
        });
    try {
      threads.execute(task);
    } catch (RejectedExecutionException _) {
      free.release();
      throw new StorageException(what + ": the store is closed");
    }
    return outcome(what, task, Deadline.in(patience.plus(GRACE)));
  }

  private <T> T tried(Function<Round, T> work, Deadline deadline) {
    try {
      return once(work, deadline, false);
    } catch (MongoException e) {
      if (!Failures.isPassing(e) || deadline.isOver()) {
        throw e;
      }
      return once(work, deadline, true);
    }
  }

  private <T> T once(Function<Round, T> work, Deadline deadline, boolean again) {
    try (var round = new Round(database, locks, deadline, again)) {
      return work.apply(round);
    }
  }

  private static <T> T outcome(String what, FutureTask<T> task, Deadline deadline) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (TimeoutException e) {
          throw new StorageException(what + ": MongoDB: no answer in time", e);
        } catch (ExecutionException e) {
          throw failure(what, e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException failure(String what, @Nullable Throwable cause) {
    return switch (cause) {
      case MongoException e -> Failures.of(what, e);
      case RecordRefusedException e -> new RecordRefusedException(what + ": " + e.getMessage(), e);
      case StorageException e -> new StorageException(what + ": " + e.getMessage(), e);
      case IllegalArgumentException e -> e;
      case BsonMaximumSizeExceededException e ->
          new RecordRefusedException(what + ": it is larger than MongoDB takes", e);
      case null -> new StorageException(what);
      default -> new StorageException(what + ": " + cause, cause);
    };
  }

  /// Takes no more calls; those that run get as long as a call may take.
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
