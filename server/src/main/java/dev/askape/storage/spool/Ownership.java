package dev.askape.storage.spool;

import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import dev.askape.storage.sqlite.Confirmed;
import dev.askape.storage.sqlite.SqliteSpool;
import java.util.List;

/// Whose the turns are that run here, where another process may end them in the primary store. Safe
/// for any thread.
final class Ownership {
  private final Primary primary;
  private final SqliteSpool spool;
  private final Behind behind;

  Ownership(Primary primary, SqliteSpool spool, Behind behind) {
    this.primary = primary;
    this.spool = spool;
    this.behind = behind;
  }

  /// What the primary store does not have, nobody takes over; while it is away, nobody is taken to.
  boolean holds(SessionId session, MessageId turn, long epoch) {
    if (behind.hasMessage(turn)) {
      return true;
    }
    return switch (primary.insist(store -> store.holds(session, turn, epoch))) {
      case Reply.Given<Boolean>(var held) -> held || lost(session);
      case Reply.Away<Boolean> _, Reply.Refused<Boolean> _ -> true;
    };
  }

  /// A turn of the session is somebody else's now, so what is mirrored of it is not true any more.
  ///
  /// @return false
  boolean lost(SessionId session) {
    spool.mirror().forget(session);
    return false;
  }

  /// The same, found out by an answer's end that the primary store did not take.
  boolean lost(SessionId session, Confirmed end) {
    spool.confirm(List.of(end), false);
    return lost(session);
  }
}
