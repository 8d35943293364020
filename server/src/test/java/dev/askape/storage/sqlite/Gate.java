package dev.askape.storage.sqlite;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Work that stops the thread that does it until the test lets it go on.
final class Gate implements Work<Boolean>, AutoCloseable {
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /// Blocks the writer of `store`; returns when it is blocked.
  static Gate before(JobQueue queue) {
    var gate = new Gate();
    queue.add(new Job<>(gate, Optional.empty(), false));
    gate.awaitReached();
    return gate;
  }

  @Override
  public Boolean run(Database database) {
    pass();
    return true;
  }

  void pass() {
    reached.countDown();
    await(open);
  }

  void awaitReached() {
    await(reached);
  }

  @Override
  public void close() {
    open.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, SECONDS)) {
        throw new AssertionError("nobody came");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
