package dev.askape.storage.sqlite;

import static dev.askape.storage.sqlite.Columns.kind;
import static dev.askape.storage.sqlite.Columns.text;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.Hold;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.TurnRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What the primary store has not confirmed yet.
final class SpoolRows {
  /// Stands in `answer_id` for the user's message itself.
  static final String MESSAGE = "";

  private static final int ROW_BYTES = 400;

  private record Key(String turn, String answer) {}

  private SpoolRows() {}

  static long bytes(Database database) throws SQLException {
    return database
        .one("SELECT bytes FROM spool_total WHERE one = 1", row -> row.getLong(1))
        .orElse(0L);
  }

  static void addMessage(Database database, TurnRecord turn) throws SQLException {
    add(database, turn.messageId(), MESSAGE, bytes(turn));
  }

  static long bytes(TurnRecord turn) {
    return (long) ROW_BYTES * (1 + turn.answers().size()) + 2L * turn.content().length();
  }

  static void addEnd(Database database, MessageId turn, AnswerRecord answer) throws SQLException {
    long characters = (long) answer.content().length() + answer.reasoning().length();
    add(database, turn, answer.id().value(), ROW_BYTES + 2 * characters);
  }

  private static void add(Database database, MessageId turn, String answer, long bytes)
      throws SQLException {
    database.update(
        """
        INSERT INTO spooled (turn_id, answer_id, session_id, seq, bytes)
        SELECT id, ?, session_id, seq, ? FROM turns WHERE id = ?
        ON CONFLICT DO NOTHING
        """,
        answer,
        bytes,
        turn.value());
  }

  static void remove(Database database, MessageId turn, String answer) throws SQLException {
    database.update(
        "DELETE FROM spooled WHERE turn_id = ? AND answer_id = ?", turn.value(), answer);
  }

  static boolean any(Database database, SessionId session) throws SQLException {
    return database
        .one("SELECT 1 FROM spooled WHERE session_id = ? LIMIT 1", row -> true, session.value())
        .isPresent();
  }

  static Spooled of(Database database, SessionId session, int maxRows) throws SQLException {
    var deletion =
        database.one(
            "SELECT mark FROM spooled_deletions WHERE session_id = ?",
            row -> row.getLong(1),
            session.value());
    var owner =
        database.one(
            """
            SELECT from_kind, from_id, owner_kind, owner_id, mark
            FROM spooled_owners JOIN sessions ON id = session_id WHERE session_id = ?
            """,
            row ->
                new Spooled.OwnerChange(
                    Columns.party(row.getString(1), row.getString(2)),
                    Columns.party(row.getString(3), row.getString(4)),
                    row.getLong(5)),
            session.value());
    return new Spooled(deletion, owner, turns(database, session, maxRows));
  }

  /// The oldest turns of a session of which something is spooled.
  private static List<SpooledTurn> turns(Database database, SessionId session, int maxRows)
      throws SQLException {
    var keys =
        database.all(
            """
            SELECT turn_id, answer_id FROM spooled WHERE session_id = ?
            ORDER BY seq, turn_id, answer_id LIMIT ?
            """,
            row -> new Key(row.getString(1), row.getString(2)),
            session.value(),
            maxRows);
    var answersOf = new LinkedHashMap<String, List<String>>();
    for (var key : keys) {
      answersOf.computeIfAbsent(key.turn, _ -> new ArrayList<>()).add(key.answer);
    }
    var turns = new ArrayList<SpooledTurn>();
    for (var entry : answersOf.entrySet()) {
      var turn = TurnRows.find(database, session, new MessageId(entry.getKey()));
      if (turn.isPresent()) {
        turns.add(spooled(database, turn.get(), entry.getValue()));
      }
    }
    return turns;
  }

  private static SpooledTurn spooled(Database database, TurnRecord turn, List<String> spooled)
      throws SQLException {
    var all = AnswerRows.attempts(database, turn.messageId());
    var ends = all.stream().filter(answer -> spooled.contains(answer.id().value())).toList();
    var asked =
        all.stream().filter(answer -> answer.attempt() == 1).map(AnswerRecord::asked).toList();
    var holds = new ArrayList<Hold>();
    for (var answer : asked) {
      holds.add(HoldRows.find(database, answer.id()));
    }
    boolean bounded = holds.stream().anyMatch(hold -> !hold.equals(Hold.NOTHING));
    return new SpooledTurn(
        turn,
        asked,
        bounded ? new Reservation(Optional.empty(), holds) : Reservation.NONE,
        spooled.contains(MESSAGE),
        ends);
  }

  static List<RunningTurn> running(Database database, SessionId session) throws SQLException {
    var turns =
        database.all(
            "SELECT id, epoch FROM turns WHERE running = 1 AND session_id = ?",
            row ->
                new RunningTurn(
                    new MessageId(row.getString("id")), row.getLong("epoch"), List.of()),
            session.value());
    var running = new ArrayList<RunningTurn>();
    for (var turn : turns) {
      var parts = new ArrayList<AnswerPart>();
      for (var answer : AnswerRows.listRunning(database, turn.turn())) {
        parts.addAll(PartRows.list(database, answer.id()));
      }
      running.add(new RunningTurn(turn.turn(), turn.epoch(), parts));
    }
    return running;
  }

  static void changeOwner(Database database, SessionId session, Party from, long mark)
      throws SQLException {
    database.update(
        """
        INSERT INTO spooled_owners (session_id, from_kind, from_id, mark) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET mark = excluded.mark
        """,
        session.value(),
        kind(from),
        from.id(),
        mark);
  }

  /// Moves what is spooled of a session behind `after`, where others have taken its places.
  static void moveBehind(Database database, SessionId session, long after) throws SQLException {
    var turns =
        database.all(
            "SELECT DISTINCT turn_id FROM spooled WHERE session_id = ? AND answer_id = ? ORDER BY seq",
            row -> row.getString(1),
            session.value(),
            MESSAGE);
    long kept =
        database
            .one(
                "SELECT max(seq) FROM turns WHERE session_id = ?",
                row -> row.getLong(1),
                session.value())
            .orElse(0L);
    long seq = Math.max(after, kept + 1) + 1;
    seq += 1 - seq % 2; // the user's entry has an odd number, its answer's the next one
    for (var turn : turns) {
      database.update("UPDATE turns SET seq = ? WHERE id = ?", seq, turn);
      database.update("UPDATE spooled SET seq = ? WHERE turn_id = ?", seq, turn);
      seq += 2;
    }
    database.update("UPDATE sessions SET last_seq = ? WHERE id = ?", seq - 1, session.value());
  }

  static boolean bury(
      Database database, TurnRecord turn, Optional<AnswerRecord> answer, String reason, long now)
      throws SQLException {
    var letter = answer.map(AnswerRecord::content).orElseGet(() -> wording(turn));
    database.update(
        """
        INSERT INTO dead_letters (turn_id, answer_id, session_id, buried_at, reason, content)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        turn.messageId().value(),
        answer.map(AnswerRecord::id).map(AnswerId::value).orElse(MESSAGE),
        turn.sessionId().value(),
        now,
        text(reason),
        text(letter));
    if (answer.isPresent()) {
      remove(database, turn.messageId(), answer.get().id().value());
    } else {
      database.update("DELETE FROM turns WHERE id = ?", turn.messageId().value());
    }
    return true;
  }

  /// All that was said in a turn, for the eyes of an operator.
  private static String wording(TurnRecord turn) {
    var text = new StringBuilder(turn.sender().toString()).append(": ").append(turn.content());
    for (var answer : turn.answers()) {
      text.append("\n\n").append(answer.modelId()).append(": ").append(answer.content());
    }
    return text.toString();
  }
}
