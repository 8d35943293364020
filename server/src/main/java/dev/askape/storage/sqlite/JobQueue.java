package dev.askape.storage.sqlite;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.StorageException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The bounded line before a database thread, in order of arrival. Safe for any thread; several may
/// take from it.
final class JobQueue {
  private final String name;
  private final int maxQueued;
  private final long delayNanos;

  @GuardedBy("this")
  private final ArrayDeque<Job<?>> jobs = new ArrayDeque<>();

  @GuardedBy("this")
  private int urgent;

  @GuardedBy("this")
  private boolean closed;

  /// @param delay how long patient jobs wait for company
  JobQueue(String name, int maxQueued, Duration delay) {
    this.name = name;
    this.maxQueued = maxQueued;
    this.delayNanos = delay.toNanos();
  }

  /// Queues a job and waits for its outcome; when that takes too long the job is withdrawn.
  <T> T call(Job<T> job, Duration maxWait) {
    add(job);
    try {
      return job.await(maxWait);
    } finally {
      if (job.abandoned()) {
        remove(job);
      }
    }
  }

  synchronized void add(Job<?> job) {
    if (closed) {
      throw new StorageException("The data file is closed");
    }
    if (jobs.size() >= maxQueued) {
      throw new StorageException("Too many " + name + " are waiting for the data file");
    }
    jobs.add(job);
    urgent += job.patient() ? 0 : 1;
    notify();
  }

  private synchronized void remove(Job<?> job) {
    if (jobs.remove(job)) {
      urgent -= job.patient() ? 0 : 1;
    }
  }

  /// Waits for jobs and takes the first ones. Patient ones that nobody joins are given out after
  /// their delay. Empty when the queue is closed and everything has been taken.
  synchronized List<Job<?>> take(int max) throws InterruptedException {
    while (true) {
      var first = jobs.peek();
      if (first == null) {
        if (closed) {
          return List.of();
        }
        wait();
        continue;
      }
      long left = delayNanos - (System.nanoTime() - first.queuedAt());
      if (closed || urgent > 0 || jobs.size() >= max || left <= 0) {
        return drain(max);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  @GuardedBy("this")
  private List<Job<?>> drain(int max) {
    var taken = new ArrayList<Job<?>>(Math.min(max, jobs.size()));
    while (taken.size() < max && !jobs.isEmpty()) {
      var job = jobs.remove();
      urgent -= job.patient() ? 0 : 1;
      taken.add(job);
    }
    return taken;
  }

  synchronized int size() {
    return jobs.size();
  }

  /// Refuses new jobs; those that wait are still given out.
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
