package dev.askape.storage.mongo;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.ConversationStore;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How long nobody can have taken this process for dead, by its own clock, which runs on while it
/// is frozen. Safe for any thread.
final class Tenure {
  private final long lease;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private long number = 1;

  @GuardedBy("this")
  private long heldUntil;

  /// A process that has just begun runs nothing that could be taken from it.
  Tenure(Duration lease, LongSupplier nanos) {
    this.lease = lease.toNanos();
    this.nanos = nanos;
    this.heldUntil = nanos.getAsLong() + this.lease;
  }

  /// As [ConversationStore#lease()] says.
  synchronized long current() {
    return isHeld() ? number : ConversationStore.NO_LEASE;
  }

  private synchronized boolean isHeld() {
    return heldUntil - nanos.getAsLong() > 0;
  }

  /// It was said that this process lives, or tried in vain: where MongoDB cannot be reached from,
  /// nobody else is taken to reach it either.
  ///
  /// @param since when that was begun, in nanoseconds
  synchronized void renew(long since) {
    long until = since + lease;
    if (until - nanos.getAsLong() <= 0) {
      return; // it was frozen meanwhile
    }
    if (!isHeld()) {
      number++;
    }
    heldUntil = until;
  }
}
