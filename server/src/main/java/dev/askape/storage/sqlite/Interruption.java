package dev.askape.storage.sqlite;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerRecord.Failure;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ErrorId;
import dev.askape.chat.ErrorType;
import dev.askape.chat.MessageId;
import dev.askape.chat.Usage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Ends turns that were running when the last process died.
///
/// @param turns how many turns were ended
/// @param answers those of their answers that had not ended
record Interruption(int turns, List<Ended> answers) {
  private static final int CHARACTERS_PER_TOKEN = 4;

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
        AnswerRows.end(database, turn.id, interrupted(answer, errorId));
        ended.add(new Ended(turn.id, answer.id(), errorId));
      }
      database.update(
          "UPDATE turns SET running = 0, epoch = ? WHERE id = ?", turn.epoch + 1, turn.id.value());
    }
    return new Interruption(turns.size(), ended);
  }

  private static AnswerRecord interrupted(AnswerRecord answer, String errorId) {
    return new AnswerRecord(
        answer.id(),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        answer.attempt(),
        AnswerState.INTERRUPTED,
        answer.content(),
        answer.reasoning(),
        answer.fragments(),
        Optional.of(new Failure(ErrorType.INTERRUPTED, errorId)),
        Optional.empty(),
        usage(answer),
        answer.firstTokenMs(),
        answer.durationMs(),
        answer.createdAt());
  }

  /// The provider had no chance to say what it counted.
  private static Usage usage(AnswerRecord answer) {
    long said = (long) answer.content().length() + answer.reasoning().length();
    long estimate = Math.ceilDiv(said, CHARACTERS_PER_TOKEN);
    var known = answer.usage();
    return new Usage(
        known.promptTokens(),
        Math.max(known.completionTokens(), estimate),
        known.cachedTokens(),
        known.reasoningTokens(),
        known.cost(),
        true);
  }
}
