package dev.askape.storage.mongo;

import dev.askape.chat.ConversationStore;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How long nobody can have taken this process for dead, by its own clock, which runs on while it
/// is frozen. Safe for any thread; asked before anything is told, so without a lock.
final class Tenure {
  /// @param until in nanoseconds
  private record Held(long number, long until) {}

  private final long lease;
  private final LongSupplier nanos;
  private volatile Held held;

  /// A process that has just begun runs nothing that could be taken from it.
  Tenure(Duration lease, LongSupplier nanos) {
    this.lease = lease.toNanos();
    this.nanos = nanos;
    this.held = new Held(1, nanos.getAsLong() + this.lease);
  }

  /// As [ConversationStore#lease()] says.
  long current() {
    var latest = held;
    return isOver(latest.until()) ? ConversationStore.NO_LEASE : latest.number();
  }

  private boolean isOver(long until) {
    return until - nanos.getAsLong() <= 0;
  }

  /// It was said that this process lives, or tried in vain: where MongoDB cannot be reached from,
  /// nobody else is taken to reach it either.
  ///
  /// @param since when that was begun, in nanoseconds
  synchronized void renew(long since) {
    long until = since + lease;
    if (isOver(until)) {
      return; // it was frozen meanwhile
    }
    var before = held;
    held = new Held(isOver(before.until()) ? before.number() + 1 : before.number(), until);
  }
}
