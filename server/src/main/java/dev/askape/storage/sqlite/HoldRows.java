package dev.askape.storage.sqlite;

import static dev.askape.storage.sqlite.Columns.kind;

import dev.askape.chat.AnswerId;
import dev.askape.chat.Hold;
import dev.askape.chat.Money;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;

/// What is put aside for answers that run. A row for each of them, also where no budget bounds it:
/// while it is there, what the answer has used is not booked yet. It outlives its session.
final class HoldRows {
  /// @param day on which the answer was asked for
  record Held(AnswerId answer, String turn, Party payer, LocalDate day, Hold hold) {}

  private HoldRows() {}

  static void insert(Database database, TurnRecord turn, Reservation reservation, LocalDate day)
      throws SQLException {
    for (var answer : turn.answers()) {
      var hold = reservation.of(answer.place());
      database.update(
          """
          INSERT INTO holds (
            answer_id, turn_id, kind, id, day, prompt_tokens, completion_tokens, cost)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
          answer.id().value(),
          turn.messageId().value(),
          kind(turn.sender()),
          turn.sender().id(),
          day.toEpochDay(),
          hold.promptTokens(),
          hold.completionTokens(),
          hold.cost().billionths());
    }
  }

  /// Removes what is put aside for an answer; empty when it is booked.
  static Optional<Held> take(Database database, AnswerId answer) throws SQLException {
    return database.one(
        "DELETE FROM holds WHERE answer_id = ? RETURNING *", HoldRows::read, answer.value());
  }

  /// What is put aside for an answer; nothing when it is booked.
  static Hold find(Database database, AnswerId answer) throws SQLException {
    return database
        .one("SELECT * FROM holds WHERE answer_id = ?", HoldRows::read, answer.value())
        .map(Held::hold)
        .orElse(Hold.NOTHING);
  }

  /// Books what is put aside for answers that are not there any more, as after a crash.
  ///
  /// @return how many
  static int bookOrphans(Database database, int limit) throws SQLException {
    var orphans = database.all("SELECT * FROM holds LIMIT ?", HoldRows::read, limit);
    for (var held : orphans) {
      var _ = take(database, held.answer);
      AccountRows.book(database, held, held.hold.forfeited(Usage.counted(0, 0)));
    }
    return orphans.size();
  }

  private static Held read(ResultSet row) throws SQLException {
    return new Held(
        new AnswerId(row.getString("answer_id")),
        row.getString("turn_id"),
        Columns.party(row.getString("kind"), row.getString("id")),
        LocalDate.ofEpochDay(row.getLong("day")),
        new Hold(
            row.getLong("prompt_tokens"),
            row.getLong("completion_tokens"),
            new Money(row.getLong("cost"))));
  }
}
