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
        AnswerRows.end(database, turn.id, interrupted(answer, charged(database, answer), errorId));
        ended.add(new Ended(turn.id, answer.id(), errorId));
      }
      database.update(
          "UPDATE turns SET running = 0, epoch = ? WHERE id = ?", turn.epoch + 1, turn.id.value());
    }
    return new Interruption(turns.size(), ended);
  }

  /// Books an answer of which nobody knows what it has used.
  ///
  /// @return what its record is to say: of tokens what can be seen, of money what was charged
  private static Usage charged(Database database, AnswerRecord answer) throws SQLException {
    var seen = seen(answer);
    var held = HoldRows.take(database, answer.id());
    if (held.isEmpty()) {
      return seen;
    }
    var hold = held.get().hold();
    var charged = HoldRows.forfeited(hold, seen);
    AccountRows.book(database, held.get(), charged);
    return new Usage(
        charged.promptTokens(),
        seen.completionTokens(),
        seen.cachedTokens(),
        seen.reasoningTokens(),
        charged.cost(),
        true);
  }

  private static AnswerRecord interrupted(AnswerRecord answer, Usage usage, String errorId) {
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
        usage,
        answer.firstTokenMs(),
        answer.durationMs(),
        answer.createdAt(),
        answer.servedBy());
  }

  /// The provider had no chance to say what it counted.
  private static Usage seen(AnswerRecord answer) {
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
