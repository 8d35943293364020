package dev.askape.storage.sqlite;

import static dev.askape.storage.sqlite.Columns.instant;
import static dev.askape.storage.sqlite.Columns.kind;
import static dev.askape.storage.sqlite.Columns.nanos;
import static dev.askape.storage.sqlite.Columns.text;

import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.TurnRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns, whole: with the newest answer of each place.
final class TurnRows {
  private TurnRows() {}

  static Optional<TurnRecord> find(Database database, SessionId session, MessageId id)
      throws SQLException {
    var row =
        database.one(
            "SELECT * FROM turns WHERE session_id = ? AND (id = ? OR user_message_id = ?)",
            TurnRows::read,
            session.value(),
            id.value(),
            id.value());
    return withAnswers(database, row);
  }

  static Optional<SessionId> session(Database database, MessageId turn) throws SQLException {
    return database.one(
        "SELECT session_id FROM turns WHERE id = ?",
        row -> new SessionId(row.getString(1)),
        turn.value());
  }

  static Optional<TurnRecord> findByClientMessageId(
      Database database, SessionId session, Party sender, ClientMessageId id) throws SQLException {
    var row =
        database.one(
            """
            SELECT * FROM turns
            WHERE session_id = ? AND sender_kind = ? AND sender_id = ? AND client_message_id = ?
            """,
            TurnRows::read,
            session.value(),
            kind(sender),
            sender.id(),
            id.value());
    return withAnswers(database, row);
  }

  static List<TurnRecord> list(Database database, SessionId session, long beforeSeq, int limit)
      throws SQLException {
    var newestFirst =
        database.all(
            "SELECT * FROM turns WHERE session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
            TurnRows::read,
            session.value(),
            beforeSeq,
            limit);
    var turns = new ArrayList<TurnRecord>();
    for (var turn : newestFirst.reversed()) {
      turns.add(withAnswers(database, turn));
    }
    return turns;
  }

  static void insert(Database database, TurnRecord turn) throws SQLException {
    database.update(
        """
        INSERT INTO turns (
          id, session_id, seq, user_message_id, sender_kind, sender_id, client_message_id,
          content, tokens, created_at, epoch, running)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        turn.messageId().value(),
        turn.sessionId().value(),
        turn.seq(),
        turn.userMessageId().value(),
        kind(turn.sender()),
        turn.sender().id(),
        turn.clientMessageId().map(ClientMessageId::value).orElse(null),
        text(turn.content()),
        turn.tokens(),
        nanos(turn.createdAt()),
        turn.epoch(),
        turn.running());
    for (var answer : turn.answers()) {
      AnswerRows.insert(database, turn.messageId(), answer);
    }
  }

  /// Takes a turn back that was just inserted, and its session when it was the first one.
  static void remove(Database database, TurnRecord turn) throws SQLException {
    AccountRows.release(database, turn);
    var session = turn.sessionId().value();
    database.update("DELETE FROM turns WHERE id = ?", turn.messageId().value());
    database.update(
        """
        DELETE FROM sessions WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM turns WHERE session_id = sessions.id)
        """,
        session);
    database.update(
        """
        UPDATE sessions SET message_count = message_count - 2,
          last_seq = (SELECT max(seq) + 1 FROM turns WHERE session_id = sessions.id)
        WHERE id = ?
        """,
        session);
  }

  static boolean checkpoint(Database database, MessageId turn, long epoch, List<AnswerPart> parts)
      throws SQLException {
    if (!mayWrite(database, turn, epoch)) {
      return false;
    }
    for (var part : parts) {
      PartRows.append(database, turn, part);
    }
    return true;
  }

  static boolean endAnswer(Database database, MessageId turn, long epoch, AnswerRecord answer)
      throws SQLException {
    boolean present = mayWrite(database, turn, epoch);
    if (present || !exists(database, turn)) {
      var held = HoldRows.take(database, answer.id());
      if (held.isPresent()) {
        AccountRows.book(database, held.get(), answer.usage());
      }
    }
    if (!present) {
      return false;
    }
    AnswerRows.end(database, turn, answer);
    // Counted here and not taken from the caller: ends of one turn may be committed in another
    // order than they were sent, and the end of an answer that could not be written leaves the turn
    // running, so that the next start ends it.
    if (!AnswerRows.anyRunning(database, turn)) {
      database.update("UPDATE turns SET running = 0 WHERE id = ? AND running = 1", turn.value());
    }
    return true;
  }

  /// False for an older epoch, and when the turn is gone with its session. A newer epoch fences the
  /// older ones from now on.
  private static boolean mayWrite(Database database, MessageId turn, long epoch)
      throws SQLException {
    var known =
        database.one("SELECT epoch FROM turns WHERE id = ?", row -> row.getLong(1), turn.value());
    if (known.isEmpty() || epoch < known.get()) {
      return false;
    }
    if (epoch > known.get()) {
      database.update("UPDATE turns SET epoch = ? WHERE id = ?", epoch, turn.value());
    }
    return true;
  }

  private static boolean exists(Database database, MessageId turn) throws SQLException {
    return database
        .one("SELECT epoch FROM turns WHERE id = ?", row -> true, turn.value())
        .isPresent();
  }

  private static Optional<TurnRecord> withAnswers(Database database, Optional<TurnRecord> turn)
      throws SQLException {
    return turn.isEmpty() ? turn : Optional.of(withAnswers(database, turn.get()));
  }

  private static TurnRecord withAnswers(Database database, TurnRecord turn) throws SQLException {
    return turn.withAnswers(AnswerRows.list(database, turn.messageId()), turn.running());
  }

  private static TurnRecord read(ResultSet row) throws SQLException {
    return new TurnRecord(
        new SessionId(row.getString("session_id")),
        row.getLong("seq"),
        new MessageId(row.getString("user_message_id")),
        new MessageId(row.getString("id")),
        Columns.party(row.getString("sender_kind"), row.getString("sender_id")),
        Columns.optionalText(row, "client_message_id").map(ClientMessageId::new),
        row.getString("content"),
        row.getLong("tokens"),
        instant(row.getLong("created_at")),
        row.getLong("epoch"),
        row.getBoolean("running"),
        List.of());
  }
}
