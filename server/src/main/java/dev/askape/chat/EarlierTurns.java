package dev.askape.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The turns before one, read once when the first of its models needs them. Blocks; safe for any
/// thread.
final class EarlierTurns implements Supplier<List<TurnRecord>> {
  private final ConversationStore store;
  private final SessionId session;
  private final long seq;
  private final int limit;
  private final long maxChars;
  private final ReentrantLock reading = new ReentrantLock();

  @GuardedBy("reading")
  private @Nullable List<TurnRecord> turns;

  EarlierTurns(ConversationStore store, SessionId session, long seq, int limit, long maxChars) {
    this.store = store;
    this.session = session;
    this.seq = seq;
    this.limit = limit;
    this.maxChars = maxChars;
  }

  @Override
  public List<TurnRecord> get() {
    reading.lock();
    try {
      var read = turns;
      if (read == null) {
        read =
            seq == 1 ? List.of() : RecentTurns.read(store, session, seq, limit, maxChars).turns();
        turns = read;
      }
      return read;
    } finally {
      reading.unlock();
    }
  }
}
