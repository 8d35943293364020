package dev.askape.storage.sqlite;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.MessageId;
import java.sql.SQLException;
import java.util.List;

/// What running answers said, checkpoint by checkpoint.
final class PartRows {
  private record Part(int start, String text) {}

  /// A late part of an answer that has ended finds no row to select. A part that comes again, as
  /// after a checkpoint whose outcome was not known, replaces a shorter one.
  private static final String APPEND =
      """
      INSERT INTO parts (answer_id, kind, start, text)
      SELECT id, ?, ?, ? FROM answers WHERE id = ? AND turn_id = ? AND state IN %s
      ON CONFLICT DO UPDATE SET text = excluded.text
      WHERE length(excluded.text) > length(text)
      """
          .formatted(AnswerRows.RUNNING);

  private PartRows() {}

  static void append(Database database, MessageId turn, AnswerPart part) throws SQLException {
    database.update(
        APPEND,
        part.kind().name(),
        part.offset(),
        Columns.units(part.text()),
        part.answerId().value(),
        turn.value());
  }

  /// All parts of an answer that runs, as they came.
  static List<AnswerPart> list(Database database, AnswerId answer) throws SQLException {
    return database.all(
        "SELECT kind, start, text FROM parts WHERE answer_id = ? ORDER BY kind, start",
        row ->
            new AnswerPart(
                answer,
                AnswerPart.Kind.valueOf(row.getString("kind")),
                row.getInt("start"),
                Columns.fromUnits(row.getBytes("text"))),
        answer.value());
  }

  static void delete(Database database, AnswerId answer) throws SQLException {
    database.update("DELETE FROM parts WHERE answer_id = ?", answer.value());
  }

  /// The text of an answer: how it began and what was appended. Parts may overlap; what comes after
  /// a gap is left out, so that it is always a beginning of what was said.
  static String continued(Database database, AnswerId answer, AnswerPart.Kind kind, String start)
      throws SQLException {
    var text = new StringBuilder(start);
    var parts =
        database.all(
            "SELECT start, text FROM parts WHERE answer_id = ? AND kind = ? ORDER BY start",
            row -> new Part(row.getInt("start"), Columns.fromUnits(row.getBytes("text"))),
            answer.value(),
            kind.name());
    for (var part : parts) {
      int known = text.length() - part.start;
      if (known < 0) {
        break;
      }
      if (known < part.text.length()) {
        text.append(part.text, known, part.text.length());
      }
    }
    return text.toString();
  }
}
