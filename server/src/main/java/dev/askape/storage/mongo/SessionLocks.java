package dev.askape.storage.mongo;

import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Lets the writes of one session go one after another within this process: they would only meet in
/// the same documents. Safe for any thread.
final class SessionLocks {
  private static final int MANY = 1_024;

  private final List<ReentrantLock> locks =
      Stream.generate(ReentrantLock::new).limit(MANY).toList();

  ReentrantLock lock(SessionId session, Deadline deadline) {
    var lock = locks.get(Math.floorMod(session.hashCode(), MANY));
    try {
      if (!lock.tryLock(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
        throw new StorageException("MongoDB: no answer in time to what came before");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException("MongoDB: interrupted", e);
    }
    return lock;
  }
}
