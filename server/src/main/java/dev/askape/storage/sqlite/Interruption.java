package dev.askape.storage.sqlite;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.ErrorId;
import dev.askape.chat.MessageId;
import dev.askape.chat.Usage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Ends turns that were running when the last process died.
///
/// @param turns how many turns were ended
/// @param answers those of their answers that had not ended
record Interruption(int turns, List<Ended> answers) {
  record Ended(MessageId turn, AnswerId answer, String errorId) {}

  private record Running(MessageId id, long epoch) {}

  /// Ends at most `maxTurns`; none were left when it ended none.
  static Interruption of(Database database, int maxTurns) throws SQLException {
    var turns =
        database.all(
            "SELECT id, epoch FROM turns WHERE running = 1 LIMIT ?",
            row -> new Running(new MessageId(row.getString("id")), row.getLong("epoch")),
            maxTurns);
    var ended = new ArrayList<Ended>();
    for (var turn : turns) {
      for (var answer : AnswerRows.listRunning(database, turn.id)) {
        var errorId = ErrorId.fresh();
        AnswerRows.end(database, turn.id, answer.interrupted(charged(database, answer), errorId));
        ended.add(new Ended(turn.id, answer.id(), errorId));
      }
      database.update(
          "UPDATE turns SET running = 0, epoch = ? WHERE id = ?", turn.epoch + 1, turn.id.value());
    }
    return new Interruption(turns.size(), ended);
  }

  /// Books an answer of which nobody knows what it has used.
  private static Usage charged(Database database, AnswerRecord answer) throws SQLException {
    var held = HoldRows.take(database, answer.id());
    if (held.isEmpty()) {
      return answer.seen();
    }
    var charged = held.get().hold().forfeited(answer.seen());
    AccountRows.book(database, held.get(), charged);
    return charged;
  }
}
