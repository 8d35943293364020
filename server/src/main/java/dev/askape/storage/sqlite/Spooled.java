package dev.askape.storage.sqlite;

import dev.askape.chat.Party;
import java.util.List;
import java.util.Optional;

/// What the primary store has not confirmed of one session, in the order in which it has to be
/// repeated: the deletion of what was there before, the owner, the turns.
///
/// @param deletion its mark
/// @param turns the oldest ones; more may follow
public record Spooled(
    Optional<Long> deletion, Optional<OwnerChange> owner, List<SpooledTurn> turns) {
  public Spooled {
    turns = List.copyOf(turns);
  }

  /// A session that has another owner now.
  ///
  /// @param from whose the session is in the primary store
  public record OwnerChange(Party from, Party to, long mark) {}

  public boolean isEmpty() {
    return deletion.isEmpty() && owner.isEmpty() && turns.isEmpty();
  }
}
