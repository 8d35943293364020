package dev.askape.socketio;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs tasks one after another, each batch on a virtual thread of its own. Safe for any thread.
final class SerialQueue {
  private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);

  private final Executor threads;
  private final int max;
  private final Queue<Runnable> tasks = new ArrayDeque<>(2);
  private boolean running;
  private boolean ended;

  SerialQueue(Executor threads, int max) {
    this.threads = threads;
    this.max = max;
  }

  /// False when as many wait as may, or the queue has ended.
  boolean execute(Runnable task) {
    synchronized (tasks) {
      if (ended || tasks.size() >= max) {
        return false;
      }
      return add(task);
    }
  }

  /// Does this last, after what waits.
  void end(Runnable task) {
    synchronized (tasks) {
      if (!ended) {
        ended = true;
        add(task);
      }
    }
  }

  private boolean add(Runnable task) {
    tasks.add(task);
    if (running) {
      return true;
    }
    try {
      threads.execute(this::runAll);
      running = true;
    } catch (RejectedExecutionException _) { // the server is closed
      ended = true;
      tasks.clear();
    }
    return running;
  }

  @SuppressWarnings("IllegalCatch") // whatever a task throws, the next ones run
  private void runAll() {
    for (Runnable task; (task = next()) != null; ) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("task failed", e);
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (tasks) {
      Runnable task = tasks.poll();
      running = task != null;
      return task;
    }
  }
}
