package dev.askape.storage.sqlite;

import static dev.askape.storage.sqlite.Columns.instant;
import static dev.askape.storage.sqlite.Columns.nanos;
import static dev.askape.storage.sqlite.Columns.optionalLong;
import static dev.askape.storage.sqlite.Columns.optionalText;
import static dev.askape.storage.sqlite.Columns.orNull;
import static dev.askape.storage.sqlite.Columns.text;
import static java.util.stream.Collectors.joining;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerPart.Kind;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerRecord.Failure;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.MessageId;
import dev.askape.chat.ModelId;
import dev.askape.chat.Money;
import dev.askape.chat.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers.
final class AnswerRows {
  /// The states of an answer that has not ended, as a SQL list.
  static final String RUNNING =
      Arrays.stream(AnswerState.values())
          .filter(state -> !state.isTerminal())
          .map(state -> "'" + state.name() + "'")
          .collect(joining(", ", "(", ")"));

  private static final String INSERT =
      """
      INSERT INTO answers (
        id, turn_id, place, attempt, model_id, model_name, created_at,
        state, content, reasoning, fragments, error_type, error_id, finish_reason,
        prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, cost, estimated,
        first_token_ms, duration_ms, served_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /// An answer that is not there yet (a model was asked again) is put in; one that has ended stays
  /// as it is.
  private static final String END =
      INSERT
          + """
          ON CONFLICT (id) DO UPDATE SET
            state = excluded.state, content = excluded.content, reasoning = excluded.reasoning,
            fragments = excluded.fragments, error_type = excluded.error_type,
            error_id = excluded.error_id, finish_reason = excluded.finish_reason,
            prompt_tokens = excluded.prompt_tokens,
            completion_tokens = excluded.completion_tokens,
            cached_tokens = excluded.cached_tokens,
            reasoning_tokens = excluded.reasoning_tokens, cost = excluded.cost,
            estimated = excluded.estimated, first_token_ms = excluded.first_token_ms,
            duration_ms = excluded.duration_ms, served_by = excluded.served_by
          WHERE answers.turn_id = excluded.turn_id AND answers.state IN %s
          """
              .formatted(RUNNING);

  private AnswerRows() {}

  /// The newest answer of each place, those that run with what was checkpointed.
  static List<AnswerRecord> list(Database database, MessageId turn) throws SQLException {
    var newest = new LinkedHashMap<Integer, AnswerRecord>();
    for (var answer : attempts(database, turn)) {
      newest.put(answer.place(), answer);
    }
    var answers = new ArrayList<AnswerRecord>();
    for (var answer : newest.values()) {
      answers.add(withParts(database, answer));
    }
    return answers;
  }

  /// All answers of a turn that have not ended, with what was checkpointed.
  static List<AnswerRecord> listRunning(Database database, MessageId turn) throws SQLException {
    var running = new ArrayList<AnswerRecord>();
    for (var answer : attempts(database, turn)) {
      if (!answer.state().isTerminal()) {
        running.add(withParts(database, answer));
      }
    }
    return running;
  }

  static boolean anyRunning(Database database, MessageId turn) throws SQLException {
    return database
        .one(
            "SELECT 1 FROM answers WHERE turn_id = ? AND state IN " + RUNNING + " LIMIT 1",
            row -> true,
            turn.value())
        .isPresent();
  }

  static void insert(Database database, MessageId turn, AnswerRecord answer) throws SQLException {
    database.update(INSERT, values(turn, answer));
  }

  /// Writes the end of an answer; its parts are no longer needed.
  static void end(Database database, MessageId turn, AnswerRecord answer) throws SQLException {
    database.update(END, values(turn, answer));
    PartRows.delete(database, answer.id());
  }

  /// All answers of a turn, those that were replaced too, without what was checkpointed.
  static List<AnswerRecord> attempts(Database database, MessageId turn) throws SQLException {
    return database.all(
        "SELECT * FROM answers WHERE turn_id = ? ORDER BY place, attempt",
        AnswerRows::read,
        turn.value());
  }

  private static AnswerRecord withParts(Database database, AnswerRecord answer)
      throws SQLException {
    if (answer.state().isTerminal()) {
      return answer;
    }
    return new AnswerRecord(
        answer.id(),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        answer.attempt(),
        answer.state(),
        PartRows.continued(database, answer.id(), Kind.TEXT, answer.content()),
        PartRows.continued(database, answer.id(), Kind.REASONING, answer.reasoning()),
        answer.fragments(),
        answer.error(),
        answer.finishReason(),
        answer.usage(),
        answer.firstTokenMs(),
        answer.durationMs(),
        answer.createdAt(),
        answer.servedBy());
  }

  private static @Nullable Object[] values(MessageId turn, AnswerRecord answer) {
    return new @Nullable Object[] {
      answer.id().value(),
      turn.value(),
      answer.place(),
      answer.attempt(),
      answer.modelId().value(),
      text(answer.modelName()),
      nanos(answer.createdAt()),
      answer.state().name(),
      text(answer.content()),
      text(answer.reasoning()),
      answer.fragments(),
      answer.error().map(error -> error.type().name()).orElse(null),
      answer.error().map(Failure::errorId).orElse(null),
      answer.finishReason().map(FinishReason::name).orElse(null),
      answer.usage().promptTokens(),
      answer.usage().completionTokens(),
      orNull(answer.usage().cachedTokens()),
      orNull(answer.usage().reasoningTokens()),
      answer.usage().cost().map(Money::billionths).orElse(null),
      answer.usage().estimated(),
      orNull(answer.firstTokenMs()),
      orNull(answer.durationMs()),
      answer.servedBy().map(ModelId::value).orElse(null)
    };
  }

  private static AnswerRecord read(ResultSet row) throws SQLException {
    return new AnswerRecord(
        new AnswerId(row.getString("id")),
        new ModelId(row.getString("model_id")),
        row.getString("model_name"),
        row.getInt("place"),
        row.getInt("attempt"),
        AnswerState.valueOf(row.getString("state")),
        row.getString("content"),
        row.getString("reasoning"),
        row.getLong("fragments"),
        failure(row),
        optionalText(row, "finish_reason").map(FinishReason::valueOf),
        new Usage(
            row.getLong("prompt_tokens"),
            row.getLong("completion_tokens"),
            optionalLong(row, "cached_tokens"),
            optionalLong(row, "reasoning_tokens"),
            Columns.optionalMoney(row, "cost"),
            row.getBoolean("estimated")),
        optionalLong(row, "first_token_ms"),
        optionalLong(row, "duration_ms"),
        instant(row.getLong("created_at")),
        optionalText(row, "served_by").map(ModelId::new));
  }

  private static Optional<Failure> failure(ResultSet row) throws SQLException {
    var errorId = optionalText(row, "error_id").orElse("");
    return optionalText(row, "error_type")
        .map(type -> new Failure(ErrorType.valueOf(type), errorId));
  }
}
