package dev.askape.storage.spool;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Copies all conversations from one store to another. It may be ended at any moment and begun
/// again: what is there is not copied twice, and a session whose newest message is there is passed
/// over. A turn is written with its answers, so that nobody finds it without and ends it. Used by
/// one thread.
public final class Migration {
  private static final int SESSIONS_AT_ONCE = 100;
  private static final int TURNS_AT_ONCE = 20;

  private final ConversationStore from;
  private final ConversationStore to;

  /// Copies from a store that nobody writes to meanwhile.
  public Migration(ConversationStore from, ConversationStore to) {
    this.from = from;
    this.to = to;
  }

  /// What was done.
  ///
  /// @param skipped sessions that were there already
  /// @param running turns that were left out because they still run where they come from
  public record Result(long sessions, long turns, long skipped, long running) {}

  private static final class Tally {
    private long sessions;
    private long turns;
    private long skipped;
    private long running;

    private Result result() {
      return new Result(sessions, turns, skipped, running);
    }
  }

  /// Copies everything.
  ///
  /// @param progress told after each session how many were looked at
  /// @throws StorageException when one of the two stores fails, or another session of that id is
  ///   there
  public Result run(LongConsumer progress) {
    var tally = new Tally();
    var after = Optional.<SessionId>empty();
    long looked = 0;
    while (true) {
      var ids = from.listSessionIds(after, SESSIONS_AT_ONCE);
      if (ids.isEmpty()) {
        return tally.result();
      }
      for (var id : ids) {
        var session = from.findSession(id);
        if (session.isPresent()) {
          copy(session.get(), tally);
        }
        progress.accept(++looked);
      }
      after = Optional.of(ids.getLast());
    }
  }

  private void copy(SessionRecord session, Tally tally) {
    var oldestFirst = turns(session.id());
    if (isThere(oldestFirst)) {
      tally.skipped++;
      return;
    }
    tally.sessions++;
    for (var turn : oldestFirst) {
      if (turn.running()) {
        tally.running++;
      } else {
        if (!isThere(turn)) {
          copy(session, turn);
        }
        tally.turns++;
      }
    }
  }

  /// The newest turn is copied last.
  private boolean isThere(List<TurnRecord> turns) {
    var done = turns.stream().filter(turn -> !turn.running()).toList();
    return done.isEmpty() || isThere(done.getLast());
  }

  private boolean isThere(TurnRecord turn) {
    return to.findTurn(turn.sessionId(), turn.messageId())
        .filter(there -> there.answers().equals(turn.answers()) && !there.running())
        .isPresent();
  }

  private List<TurnRecord> turns(SessionId session) {
    var newestFirst = new ArrayList<TurnRecord>();
    long before = Long.MAX_VALUE;
    while (true) {
      var some = from.listTurns(session, before, TURNS_AT_ONCE);
      newestFirst.addAll(some.reversed());
      if (some.size() < TURNS_AT_ONCE) {
        return newestFirst.reversed();
      }
      before = some.getFirst().seq();
    }
  }

  private void copy(SessionRecord session, TurnRecord turn) {
    var whole = Pushed.to(to, session, turn, Reservation.NONE);
    var pushed =
        whole instanceof Pushed.Refused // its answers may be too much for one record
            ? Pushed.to(to, session, asked(turn), Reservation.NONE)
            : whole;
    switch (pushed) {
      case Pushed.Taken _ -> {
        if (!isThere(turn)) {
          endAnswers(turn);
        }
      }
      case Pushed.Repeated(var first) ->
          throw refused(turn, "its message was sent there before, as " + first.messageId());
      case Pushed.PlaceTaken _ ->
          throw refused(turn, "there is another session of that id, or it has gone on there");
      case Pushed.OverBudget _ -> throw new IllegalStateException("nothing bounds it");
      case Pushed.Refused(var reason) -> throw refused(turn, reason);
    }
  }

  private void endAnswers(TurnRecord turn) {
    for (var answer : turn.answers()) {
      if (!to.endAnswer(turn.messageId(), turn.epoch(), answer)) {
        throw refused(turn, "its answers were ended there otherwise");
      }
    }
  }

  private static StorageException refused(TurnRecord turn, String why) {
    return new StorageException(
        "turn %s of session %s was not taken: %s"
            .formatted(turn.messageId(), turn.sessionId(), why));
  }

  private static TurnRecord asked(TurnRecord turn) {
    return turn.withAnswers(turn.answers().stream().map(AnswerRecord::asked).toList(), true);
  }
}
