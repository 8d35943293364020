package dev.askape.storage.spool;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.sqlite.Confirmed;
import dev.askape.storage.sqlite.SpooledTurn;
import dev.askape.storage.sqlite.SqliteSpool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the primary store what is spooled of one session: in order, each record as often as it
/// takes. One thread per session at a time.
final class Replay {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
  private static final int RECORDS_AT_ONCE = 50;

  private final Primary primary;
  private final SqliteSpool spool;
  private final Behind behind;

  Replay(Primary primary, SqliteSpool spool, Behind behind) {
    this.primary = primary;
    this.spool = spool;
    this.behind = behind;
  }

  /// Repeats all that is spooled of a session; false when the primary store is away.
  boolean of(SessionId session) {
    while (true) {
      var spooled = spool.spooled(session, RECORDS_AT_ONCE);
      if (spooled.isEmpty()) {
        return pushRunning(session) && caughtUp(session);
      }
      if (!push(session, spooled)) {
        return false;
      }
    }
  }

  /// Who writes looks whether the session is behind after he has spooled, so what came in between
  /// is seen by one of the two.
  private boolean caughtUp(SessionId session) {
    behind.caughtUp(session);
    if (spool.spooled(session, 1).isEmpty()) {
      return true;
    }
    behind.add(session);
    return of(session);
  }

  private boolean push(SessionId session, SqliteSpool.Spooled spooled) {
    if (spooled.deletion().isPresent()) {
      if (primary.insist(store -> store.deleteSession(session)) instanceof Reply.Away) {
        return false;
      }
      spool.confirmDeletion(session, spooled.deletion().get());
    }
    if (spooled.owner().isPresent() && !changeOwner(session, spooled.owner().get())) {
      return false;
    }
    return pushTurns(session, spooled.turns());
  }

  private boolean changeOwner(SessionId session, SqliteSpool.OwnerChange change) {
    var reply =
        primary.insist(store -> {
          store.changeOwner(session, change.from(), change.to());
          return true;
        });
    if (reply instanceof Reply.Away) {
      return false;
    }
    spool.confirmOwner(session, change.mark());
    return true;
  }

  private boolean pushTurns(SessionId session, List<SpooledTurn> turns) {
    var record = spool.sessions().findSession(session);
    if (turns.isEmpty() || record.isEmpty()) {
      return true;
    }
    var confirmed = new ArrayList<Confirmed>();
    boolean here = true;
    for (var turn : turns) {
      here = push(record.get(), turn, confirmed);
      if (!here) {
        break;
      }
    }
    if (!confirmed.isEmpty()) {
      spool.confirm(confirmed, false);
      confirmed.forEach(it -> behind.confirmed(it.turn()));
    }
    return here;
  }

  /// False when the rest has to wait: the store is away, or the turn has got another place.
  private boolean push(SessionRecord session, SpooledTurn spooled, List<Confirmed> confirmed) {
    var turn = spooled.turn();
    if (spooled.message()) {
      switch (primary.insist(
          store -> Pushed.to(store, session, spooled.accepted(), spooled.reservation()))) {
        case Reply.Away<Pushed> _ -> {
          return false;
        }
        case Reply.Refused<Pushed>(var reason) -> {
          bury(turn, Optional.empty(), reason);
          return true;
        }
        case Reply.Given<Pushed>(var pushed) -> {
          if (!isTaken(turn, pushed)) {
            return pushed instanceof Pushed.PlaceTaken ? pushMoved(session.id()) : true;
          }
          confirmed.add(new Confirmed(turn.messageId(), Optional.empty()));
        }
      }
    }
    for (var end : spooled.ends()) {
      if (!push(turn, end, confirmed)) {
        return false;
      }
    }
    return true;
  }

  private boolean isTaken(TurnRecord turn, Pushed pushed) {
    return switch (pushed) {
      case Pushed.Taken _ -> true;
      case Pushed.Repeated(var first) -> {
        bury(turn, Optional.empty(), "sent before, as " + first.messageId());
        yield false;
      }
      case Pushed.OverBudget _ -> throw new IllegalStateException("nothing bounds it any more");
      case Pushed.Refused(var reason) -> {
        bury(turn, Optional.empty(), reason);
        yield false;
      }
      case Pushed.PlaceTaken(var lastSeq) -> {
        LOG.warn(
            "session={} has grown elsewhere: what is spooled of it goes behind that",
            turn.sessionId());
        spool.moveBehind(turn.sessionId(), lastSeq);
        yield false;
      }
    };
  }

  private boolean pushMoved(SessionId session) {
    return pushTurns(session, spool.spooled(session, RECORDS_AT_ONCE).turns());
  }

  private boolean push(TurnRecord turn, AnswerRecord end, List<Confirmed> confirmed) {
    var reply = primary.insist(store -> store.endAnswer(turn.messageId(), turn.epoch(), end));
    switch (reply) {
      case Reply.Away<Boolean> _ -> {
        return false;
      }
      case Reply.Refused<Boolean>(var reason) -> bury(turn, Optional.of(end), reason);
      case Reply.Given<Boolean>(var kept) -> {
        if (kept) {
          confirmed.add(new Confirmed(turn.messageId(), Optional.of(end)));
        } else {
          bury(turn, Optional.of(end), "its turn was ended or deleted elsewhere");
        }
      }
    }
    return true;
  }

  void bury(TurnRecord turn, Optional<AnswerRecord> answer, String reason) {
    LOG.error(
        "session={} turn={} answer={} is a dead letter: {}",
        turn.sessionId(),
        turn.messageId(),
        answer.map(it -> it.id().toString()).orElse("-"),
        reason);
    spool.bury(turn, answer, reason);
    behind.confirmed(turn.messageId());
  }

  /// What running answers have said, so that another node could go on with it. Parts that are there
  /// change nothing.
  private boolean pushRunning(SessionId session) {
    for (var running : spool.listRunning(session)) {
      var reply =
          primary.insist(
              store -> store.checkpoint(running.turn(), running.epoch(), running.parts()));
      if (reply instanceof Reply.Away) {
        return false;
      }
    }
    return true;
  }
}
