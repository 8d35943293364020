package dev.askape.storage.spool;

import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.storage.sqlite.SqliteSpool;

/// What is done to a session as a whole: in the spool first, then in the primary store. Safe for
/// any thread.
final class SessionChanges {
  private final Primary primary;
  private final SqliteSpool spool;
  private final Behind behind;
  private final Mirroring mirroring;
  private final Replayer replayer;

  SessionChanges(
      Primary primary, SqliteSpool spool, Behind behind, Mirroring mirroring, Replayer replayer) {
    this.primary = primary;
    this.spool = spool;
    this.behind = behind;
    this.mirroring = mirroring;
    this.replayer = replayer;
  }

  void changeOwner(SessionId session, Party from, Party to) {
    if (spool.mirror().findMirroredFrom(session).isEmpty() && !mirroring.now(session)) {
      return;
    }
    var mark = spool.changeOwner(session, from, to);
    if (mark.isEmpty()) {
      return;
    }
    if (behind.has(session)) {
      replayer.add(session);
      return;
    }
    var reply =
        primary.ask(store -> {
          store.changeOwner(session, from, to);
          return true;
        });
    if (reply instanceof Reply.Given<Boolean>) {
      spool.confirmOwner(session, mark.get());
    } else {
      leaveToReplay(session);
    }
  }

  /// Deletes a session with everything of it; false when there is none.
  boolean delete(SessionId session) {
    boolean caughtUp = !behind.has(session);
    boolean mirrored = spool.mirror().findMirroredFrom(session).isPresent();
    if (!mirrored && !caughtUp) {
      return false; // deleted before
    }
    if (!mirrored && !mirroring.now(session)) {
      return false;
    }
    var deleted = spool.deleteSession(session);
    // Else something of the session may still be on its way there, and would come after this.
    boolean alone = caughtUp && !replayer.isAt(session) && primary.isCalm();
    if (primary.ask(store -> store.deleteSession(session)) instanceof Reply.Given && alone) {
      spool.confirmDeletion(session, deleted.mark());
    } else {
      leaveToReplay(session);
    }
    return deleted.found();
  }

  private void leaveToReplay(SessionId session) {
    behind.add(session);
    replayer.add(session);
  }
}
