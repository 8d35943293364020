package dev.askape.storage.spool;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// Copies all conversations from one store to another. It may be ended at any moment and begun
/// again: what is there is not copied twice, and a session whose newest message is there is passed
/// over. Used by one thread.
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

  /// Copies everything.
  ///
  /// @param progress told after each session how many were looked at
  /// @throws StorageException when one of the two stores fails, or another session of that id is
  ///   there
  public Result run(LongConsumer progress) {
    var sum = new long[4];
    var after = Optional.<SessionId>empty();
    long looked = 0;
    while (true) {
      var ids = from.listSessionIds(after, SESSIONS_AT_ONCE);
      if (ids.isEmpty()) {
        return new Result(sum[0], sum[1], sum[2], sum[3]);
      }
      for (var id : ids) {
        var session = from.findSession(id);
        if (session.isPresent()) {
          copy(session.get(), sum);
        }
        progress.accept(++looked);
      }
      after = Optional.of(ids.getLast());
    }
  }

  private void copy(SessionRecord session, long[] sum) {
    var oldestFirst = turns(session.id());
    if (isThere(session, oldestFirst)) {
      sum[2]++;
      return;
    }
    sum[0]++;
    for (var turn : oldestFirst) {
      if (turn.running()) {
        sum[3]++;
      } else {
        copy(session, turn);
        sum[1]++;
      }
    }
  }

  /// The newest turn is copied last.
  private boolean isThere(SessionRecord session, List<TurnRecord> turns) {
    var done = turns.stream().filter(turn -> !turn.running()).toList();
    return done.isEmpty()
        || to.findTurn(session.id(), done.getLast().messageId())
            .filter(turn -> turn.equals(done.getLast()))
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
    switch (Pushed.to(to, session, accepted(turn), Reservation.NONE)) {
      case Pushed.Taken _ -> {
        for (var answer : turn.answers()) {
          to.endAnswer(turn.messageId(), turn.epoch(), answer);
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

  private static StorageException refused(TurnRecord turn, String why) {
    return new StorageException(
        "turn %s of session %s was not taken: %s"
            .formatted(turn.messageId(), turn.sessionId(), why));
  }

  /// The turn as it was when it was accepted.
  private static TurnRecord accepted(TurnRecord turn) {
    return new TurnRecord(
        turn.sessionId(),
        turn.seq(),
        turn.userMessageId(),
        turn.messageId(),
        turn.sender(),
        turn.clientMessageId(),
        turn.content(),
        turn.tokens(),
        turn.createdAt(),
        turn.epoch(),
        true,
        turn.answers().stream().map(Migration::asked).toList());
  }

  private static AnswerRecord asked(AnswerRecord answer) {
    return new AnswerRecord(
        answer.id(),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        answer.attempt(),
        AnswerState.WAITING,
        "",
        "",
        0,
        Optional.empty(),
        Optional.empty(),
        Usage.counted(answer.usage().promptTokens(), 0),
        OptionalLong.empty(),
        OptionalLong.empty(),
        answer.createdAt(),
        Optional.empty());
  }
}
