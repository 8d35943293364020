package dev.askape.storage.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Which sessions are here, from where on, and which there are at all.
final class MirrorRows {
  private static final String COMPLETE = "all sessions are known";

  private MirrorRows() {}

  /// From which sequence number on all turns of the session are here; empty when it is not
  /// mirrored.
  static Optional<Long> from(Database database, SessionId session) throws SQLException {
    return database.one(
        "SELECT from_seq FROM mirrored WHERE session_id = ?",
        row -> row.getLong(1),
        session.value());
  }

  static void put(Database database, SessionId session, long fromSeq, long now)
      throws SQLException {
    database.update(
        """
        INSERT INTO mirrored (session_id, from_seq, used_at) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET used_at = excluded.used_at
        """,
        session.value(),
        fromSeq,
        now);
  }

  /// Puts a session here as the primary store has it, unless there is more of it here by now.
  static boolean fill(Database database, SessionRecord session, List<TurnRecord> turns, Filling how)
      throws SQLException {
    var id = session.id();
    boolean newer =
        lastSeq(database, id) != how.seenSeq()
            || SpoolRows.any(database, id)
            || isRunning(database, id);
    if (newer) {
      return false;
    }
    SessionRows.delete(database, id);
    SessionRows.write(database, session);
    for (var turn : turns) {
      TurnRows.insert(database, turn);
    }
    AccountRows.write(database, id, how.usage());
    put(database, id, how.fromSeq(), how.now());
    know(database, id);
    return true;
  }

  /// How a session is mirrored.
  ///
  /// @param fromSeq all its turns from there on are given
  /// @param seenSeq the newest sequence number that was here before the primary store was read
  record Filling(long fromSeq, UsageSum usage, long seenSeq, long now) {}

  /// 0 when nothing of it is here.
  static long lastSeq(Database database, SessionId session) throws SQLException {
    return database
        .one("SELECT last_seq FROM sessions WHERE id = ?", row -> row.getLong(1), session.value())
        .orElse(0L);
  }

  private static boolean isRunning(Database database, SessionId session) throws SQLException {
    return database
        .one(
            "SELECT 1 FROM turns WHERE running = 1 AND session_id = ? LIMIT 1",
            row -> true,
            session.value())
        .isPresent();
  }

  /// Lets go of a session's oldest turns, but of nothing that is spooled or runs and nothing behind
  /// that.
  static void prune(Database database, SessionRecord session, int maxTurns) throws SQLException {
    long cut = session.lastSeq() - 2L * maxTurns;
    if (cut <= 1) {
      return;
    }
    var id = session.id().value();
    long spooled =
        database
            .one(
                "SELECT min(seq) FROM spooled WHERE session_id = ?",
                row -> {
                  long seq = row.getLong(1);
                  return row.wasNull() ? Long.MAX_VALUE : seq;
                },
                id)
            .orElse(Long.MAX_VALUE);
    int pruned =
        database.update(
            "DELETE FROM turns WHERE session_id = ? AND seq < ? AND running = 0",
            id,
            Math.min(cut, spooled));
    if (pruned > 0) {
      database.update(
          """
          UPDATE mirrored SET from_seq = (SELECT min(seq) FROM turns WHERE session_id = ?)
          WHERE session_id = ?
          """,
          id,
          id);
    }
  }

  /// Lets go of the sessions that were used the longest ago, beyond so many.
  ///
  /// @return how many
  static int evict(Database database, int maxSessions, int atOnce) throws SQLException {
    long excess =
        database.one("SELECT count(*) FROM mirrored", row -> row.getLong(1)).orElse(0L)
            - maxSessions;
    if (excess <= 0) {
      return 0;
    }
    var idle =
        database.all(
            "SELECT session_id FROM mirrored ORDER BY used_at LIMIT ?",
            row -> new SessionId(row.getString(1)),
            Math.min(excess, atOnce));
    int evicted = 0;
    for (var session : idle) {
      if (!SpoolRows.any(database, session) && !isRunning(database, session)) {
        SessionRows.delete(database, session);
        evicted++;
      }
    }
    return evicted;
  }

  static boolean hasAccount(Database database, Party party) throws SQLException {
    return database
        .one(
            "SELECT 1 FROM mirrored_accounts WHERE kind = ? AND id = ?",
            row -> true,
            Columns.kind(party),
            party.id())
        .isPresent();
  }

  static boolean putAccount(
      Database database, Party party, AccountRecord seen, AccountRecord account)
      throws SQLException {
    boolean spooled =
        database
            .one(
                """
                SELECT 1 FROM spooled JOIN turns ON turns.id = turn_id
                WHERE sender_kind = ? AND sender_id = ? LIMIT 1
                """,
                row -> true,
                Columns.kind(party),
                party.id())
            .isPresent();
    if (spooled || !AccountRows.find(database, party).equals(seen)) {
      return false;
    }
    AccountRows.write(database, party, account);
    database.update(
        "INSERT OR IGNORE INTO mirrored_accounts (kind, id) VALUES (?, ?)",
        Columns.kind(party),
        party.id());
    return true;
  }

  static void know(Database database, SessionId session) throws SQLException {
    database.update("INSERT OR IGNORE INTO known_sessions (hash) VALUES (?)", hash(session));
  }

  static void unknow(Database database, SessionId session) throws SQLException {
    database.update("DELETE FROM known_sessions WHERE hash = ?", hash(session));
  }

  /// Whether there is certainly no session of that id in the primary store.
  static boolean isNew(Database database, SessionId session) throws SQLException {
    return knowsAll(database)
        && database
            .one("SELECT 1 FROM known_sessions WHERE hash = ?", row -> true, hash(session))
            .isEmpty();
  }

  static boolean knowsAll(Database database) throws SQLException {
    return note(database, COMPLETE).isPresent();
  }

  static void knowAll(Database database) throws SQLException {
    note(database, COMPLETE, "yes");
  }

  static Optional<String> note(Database database, String name) throws SQLException {
    return database.one(
        "SELECT value FROM spool_notes WHERE name = ?", row -> row.getString(1), name);
  }

  static void note(Database database, String name, String value) throws SQLException {
    database.update(
        """
        INSERT INTO spool_notes (name, value) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET value = excluded.value
        """,
        name,
        value);
  }

  /// Forgets everything that was mirrored of a primary store.
  static void forgetAll(Database database) throws SQLException {
    database.execute("DELETE FROM sessions");
    database.execute("DELETE FROM accounts");
    database.execute("DELETE FROM mirrored_accounts");
    database.execute("DELETE FROM known_sessions");
    database.execute("DELETE FROM spool_notes");
  }

  /// Ids are the clients' choice: a hash for which nobody finds two of them.
  private static long hash(SessionId session) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(session.value().getBytes(UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
