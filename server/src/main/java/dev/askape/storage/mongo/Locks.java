package dev.askape.storage.mongo;

import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Lets the writes of one session, and those of one account, go one after another within this
/// process: they would only meet in the same documents. Safe for any thread.
final class Locks {
  private static final int MANY = 1_024;

  private final List<ReentrantLock> sessions = locks();
  private final List<ReentrantLock> accounts = locks();

  private static List<ReentrantLock> locks() {
    return Stream.generate(ReentrantLock::new).limit(MANY).toList();
  }

  ReentrantLock lock(SessionId session, Deadline deadline) {
    return lock(sessions, session, deadline);
  }

  ReentrantLock lock(Party account, Deadline deadline) {
    return lock(accounts, account, deadline);
  }

  private static ReentrantLock lock(List<ReentrantLock> locks, Object what, Deadline deadline) {
    var lock = locks.get(Math.floorMod(what.hashCode(), MANY));
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
