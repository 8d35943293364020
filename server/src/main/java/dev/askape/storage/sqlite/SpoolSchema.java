package dev.askape.storage.sqlite;

import java.sql.SQLException;

/// The tables that a spool has besides those of a store.
///
/// ```
/// mirrored           session_id · from_seq: all its turns from there on are here · used_at
/// spooled            turn_id, answer_id (empty: the user's message) · session_id, seq · bytes
/// spooled_deletions  session_id · mark
/// spooled_owners     session_id · from_kind, from_id: whose it is in the primary store · mark
/// spool_total        bytes, records: of `spooled`, kept by triggers
/// mirrored_accounts  kind, id: whose account is here as the primary store has it
/// known_sessions     hash: of each id that the primary store has
/// dead_letters       turn_id, answer_id · session_id · buried_at · reason · content
/// spool_notes        name · value
/// ```
///
/// What is spooled does not change any more, so a record that is repeated is the same record.
final class SpoolSchema {
  private static final String TABLES =
      """
      CREATE TABLE IF NOT EXISTS mirrored (
        session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        from_seq INTEGER NOT NULL,
        used_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS mirrored_by_use ON mirrored (used_at);

      CREATE TABLE IF NOT EXISTS spooled (
        turn_id TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
        answer_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (turn_id, answer_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS spooled_by_session ON spooled (session_id, seq);

      CREATE TABLE IF NOT EXISTS spool_total (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        bytes INTEGER NOT NULL,
        records INTEGER NOT NULL
      ) STRICT;
      INSERT OR IGNORE INTO spool_total VALUES (1, 0, 0);
      CREATE TRIGGER IF NOT EXISTS spooled_in AFTER INSERT ON spooled BEGIN
        UPDATE spool_total SET bytes = bytes + new.bytes, records = records + 1 WHERE one = 1;
      END;
      CREATE TRIGGER IF NOT EXISTS spooled_out AFTER DELETE ON spooled BEGIN
        UPDATE spool_total SET bytes = bytes - old.bytes, records = records - 1 WHERE one = 1;
      END;

      CREATE TABLE IF NOT EXISTS spooled_deletions (
        session_id TEXT PRIMARY KEY,
        mark INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE IF NOT EXISTS spooled_owners (
        session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        from_kind TEXT NOT NULL,
        from_id TEXT NOT NULL,
        mark INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE IF NOT EXISTS mirrored_accounts (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        PRIMARY KEY (kind, id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE IF NOT EXISTS known_sessions (hash INTEGER PRIMARY KEY) STRICT;

      CREATE TABLE IF NOT EXISTS dead_letters (
        turn_id TEXT NOT NULL,
        answer_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        buried_at INTEGER NOT NULL,
        reason TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (turn_id, answer_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE IF NOT EXISTS spool_notes (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      """;

  private SpoolSchema() {}

  /// Makes what is missing.
  static boolean create(Database database) throws SQLException {
    database.script(TABLES);
    return true;
  }
}
