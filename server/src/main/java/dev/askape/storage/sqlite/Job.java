package dev.askape.storage.sqlite;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.StorageException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One call of the store on its way to a database thread and back: [#await] is for the caller, the
/// rest for the thread that does the work.
final class Job<T> {
  /// ```
  /// QUEUED ──begin──► BEGUN ──seal──► SEALED ──deliver, fail──► DONE
  ///    └──────await──────┴──────await──────┴────► ABANDONED
  /// ```
  ///
  /// What is abandoned before it is sealed is rolled back and leaves no trace. Sealed means that
  /// the commit has begun, and only the disk knows how that ends.
  private enum State {
    QUEUED,
    BEGUN,
    SEALED,
    DONE,
    ABANDONED
  }

  /// Takes committed work back, given what it returned.
  @FunctionalInterface
  interface Undo<T> {
    void run(Database database, T result) throws SQLException;
  }

  private final Work<T> work;
  private final Optional<Undo<T>> undo;
  private final boolean patient;
  private final long queuedAt = System.nanoTime();

  @GuardedBy("this")
  private State state = State.QUEUED;

  // Written by the working thread before the state is DONE, read by the caller after.
  private @Nullable T result;
  private @Nullable Throwable failure;

  /// @param undo takes the work back when it was committed after the caller had given up
  /// @param patient may be held back for a while to share a transaction with others
  Job(Work<T> work, Optional<Undo<T>> undo, boolean patient) {
    this.work = work;
    this.undo = undo;
    this.patient = patient;
  }

  boolean patient() {
    return patient;
  }

  long queuedAt() {
    return queuedAt;
  }

  /// Waits for the outcome. An interrupt does not end the wait, which is short, but is kept: an
  /// answer that was cancelled by an interrupt has to be stored like any other.
  T await(Duration maxWait) {
    boolean interrupted = false;
    try {
      synchronized (this) {
        long deadline = System.nanoTime() + maxWait.toNanos();
        boolean prolonged = false;
        while (state != State.DONE) {
          long left = deadline - System.nanoTime();
          if (left > 0) {
            interrupted |= pause(left);
          } else if (state == State.SEALED && !prolonged) {
            prolonged = true;
            deadline += maxWait.toNanos();
          } else {
            throw abandon();
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return outcome();
  }

  @GuardedBy("this")
  private boolean pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  @GuardedBy("this")
  private StorageException abandon() {
    var message =
        state == State.SEALED
            ? "The data file did not confirm a write in time"
            : "The data file is too slow: a call was given up";
    state = State.ABANDONED;
    return new StorageException(message);
  }

  private T outcome() {
    if (failure != null) {
      throw Failures.of("The data file refused", failure);
    }
    if (result == null) {
      throw new IllegalStateException("work without a result");
    }
    return result;
  }

  /// Takes the job into work; false when its caller has given up.
  synchronized boolean begin() {
    if (state == State.QUEUED) {
      state = State.BEGUN;
    }
    return state != State.ABANDONED;
  }

  /// Does the work; false when it failed, and then what it wrote has to be rolled back. Whatever
  /// went wrong is the caller's to see; the working thread goes on.
  @SuppressWarnings("IllegalCatch")
  boolean run(Database database) {
    failure = null;
    result = null;
    try {
      result = work.run(database);
      return true;
    } catch (SQLException | RuntimeException | Error e) {
      failure = e;
      return false;
    }
  }

  /// The last moment before the commit; false when the caller has given up.
  synchronized boolean seal() {
    if (state == State.BEGUN) {
      state = State.SEALED;
    }
    return state != State.ABANDONED;
  }

  /// Tells the caller the outcome of [#run]; false when he has given up.
  synchronized boolean deliver() {
    if (state == State.ABANDONED) {
      return false;
    }
    state = State.DONE;
    notifyAll();
    return true;
  }

  /// Tells the caller why the work could not be done: its own failure, or else that of its
  /// transaction.
  void fail(SQLException transaction) {
    if (failure == null) {
      failure = transaction;
    }
    deliver();
  }

  boolean canUndo() {
    return undo.isPresent() && result != null && failure == null;
  }

  /// Takes back what [#run] did.
  void undo(Database database) throws SQLException {
    if (result != null) {
      undo.orElseThrow().run(database, result);
    }
  }

  synchronized boolean abandoned() {
    return state == State.ABANDONED;
  }
}
