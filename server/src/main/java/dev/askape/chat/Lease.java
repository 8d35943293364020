package dev.askape.chat;

import java.util.function.LongSupplier;

/// A lease as it was when it was looked at, and how it is now; see [ConversationStore#lease()].
///
/// @param number what it was then
/// @param now what it is
record Lease(long number, LongSupplier now) {
  /// Of what nobody can take away.
  static final Lease FOREVER = new Lease(1, () -> 1);

  static Lease of(ConversationStore store) {
    return new Lease(store.lease(), store::lease);
  }

  /// Whether it has been held ever since.
  boolean isHeld() {
    return number != ConversationStore.NO_LEASE && number == now.getAsLong();
  }

  /// Whether it ran out and another one is held.
  boolean isSuperseded() {
    long current = now.getAsLong();
    return current != ConversationStore.NO_LEASE && current != number;
  }
}
