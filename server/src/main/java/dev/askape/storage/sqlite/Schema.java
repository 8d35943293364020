package dev.askape.storage.sqlite;

import dev.askape.chat.StorageException;
import java.sql.SQLException;
import java.util.List;

/// The tables, and the ladder from each version of them to the next. What they mean stands in the
/// documentation of the package.
final class Schema {
  /// Marks a file as AskApe's: `AskA`.
  static final int APPLICATION_ID = 0x41736b41;

  private static final String VERSION_1 =
      """
      CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        owner_kind TEXT NOT NULL,
        owner_id TEXT NOT NULL,
        title TEXT NOT NULL,
        message_count INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sessions_by_owner ON sessions (owner_kind, owner_id, updated_at);

      CREATE TABLE participants (
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        user_id TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (session_id, place)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE turns (
        id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        user_message_id TEXT NOT NULL UNIQUE,
        sender_kind TEXT NOT NULL,
        sender_id TEXT NOT NULL,
        client_message_id TEXT,
        content TEXT NOT NULL,
        tokens INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        running INTEGER NOT NULL,
        UNIQUE (session_id, seq),
        UNIQUE (session_id, sender_kind, sender_id, client_message_id)
      ) STRICT;
      CREATE INDEX turns_running ON turns (id) WHERE running = 1;

      CREATE TABLE answers (
        id TEXT PRIMARY KEY,
        turn_id TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        model_id TEXT NOT NULL,
        model_name TEXT NOT NULL,
        state TEXT NOT NULL,
        content TEXT NOT NULL,
        reasoning TEXT NOT NULL,
        fragments INTEGER NOT NULL,
        error_type TEXT,
        error_id TEXT,
        finish_reason TEXT,
        prompt_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        reasoning_tokens INTEGER,
        estimated INTEGER NOT NULL,
        first_token_ms INTEGER,
        duration_ms INTEGER,
        created_at INTEGER NOT NULL,
        UNIQUE (turn_id, place, attempt)
      ) STRICT;

      CREATE TABLE parts (
        answer_id TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        start INTEGER NOT NULL,
        text BLOB NOT NULL,
        PRIMARY KEY (answer_id, kind, start)
      ) STRICT, WITHOUT ROWID;
      """;

  /// Costs: of each answer, of each session, of each identity. What was used before is counted from
  /// the answers that are there; what runs is ended at the start that follows.
  private static final String VERSION_2 =
      """
      ALTER TABLE answers ADD COLUMN cached_tokens INTEGER;
      ALTER TABLE answers ADD COLUMN cost INTEGER;
      ALTER TABLE answers ADD COLUMN served_by TEXT;

      CREATE TABLE accounts (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        answers INTEGER NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        reserved_tokens INTEGER NOT NULL,
        reserved_cost INTEGER NOT NULL,
        day INTEGER NOT NULL,
        day_tokens INTEGER NOT NULL,
        day_cost INTEGER NOT NULL,
        PRIMARY KEY (kind, id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE session_usage (
        session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        answers INTEGER NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        cost INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE holds (
        answer_id TEXT PRIMARY KEY,
        turn_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        day INTEGER NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        cost INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      INSERT INTO accounts
        SELECT sender_kind, sender_id, count(*), sum(prompt_tokens), sum(completion_tokens),
          0, 0, 0, 0, 0, 0
        FROM turns JOIN answers ON turn_id = turns.id
        WHERE state IN ('COMPLETED', 'FAILED', 'STOPPED', 'INTERRUPTED')
        GROUP BY sender_kind, sender_id;

      INSERT INTO session_usage
        SELECT session_id, count(*), sum(prompt_tokens), sum(completion_tokens), 0
        FROM turns JOIN answers ON turn_id = turns.id
        WHERE state IN ('COMPLETED', 'FAILED', 'STOPPED', 'INTERRUPTED')
        GROUP BY session_id;

      INSERT INTO holds
        SELECT answers.id, turns.id, sender_kind, sender_id, 0, 0, 0, 0
        FROM turns JOIN answers ON turn_id = turns.id
        WHERE state NOT IN ('COMPLETED', 'FAILED', 'STOPPED', 'INTERRUPTED');
      """;

  /// The script at index n makes version n + 1 out of version n. A script that was released is
  /// never changed; a new one is added.
  private static final List<String> LADDER = List.of(VERSION_1, VERSION_2);

  private Schema() {}

  static int newest() {
    return LADDER.size();
  }

  /// Brings the database to the newest version, all or nothing.
  ///
  /// @param file its name for messages
  /// @throws StorageException when it is not a database of AskApe's, or of a newer AskApe
  static void upgrade(Database database, String file) throws SQLException {
    upgrade(database, file, newest());
  }

  /// @param to for tests, which need older files
  static void upgrade(Database database, String file, int to) throws SQLException {
    int version = number(database, "PRAGMA user_version");
    boolean ours = number(database, "PRAGMA application_id") == APPLICATION_ID;
    if (!ours && (version != 0 || number(database, "SELECT count(*) FROM sqlite_schema") != 0)) {
      throw new StorageException(file + " is the database of another program" + DataFile.WAY_OUT);
    }
    if (version > newest()) {
      throw new StorageException(
          "%s has schema %d, and this AskApe knows up to %d; run a newer AskApe, or choose another place with storage.sqlite.path"
              .formatted(file, version, newest()));
    }
    for (; version < to; version++) {
      database.execute("BEGIN IMMEDIATE");
      database.script(LADDER.get(version));
      database.execute("PRAGMA application_id = " + APPLICATION_ID);
      database.execute("PRAGMA user_version = " + (version + 1));
      database.execute("COMMIT");
    }
  }

  /// For who only reads.
  ///
  /// @throws StorageException when it has another schema than the newest
  static void requireNewest(Database database, String file) throws SQLException {
    int version = number(database, "PRAGMA user_version");
    if (number(database, "PRAGMA application_id") != APPLICATION_ID || version > newest()) {
      upgrade(database, file); // which says what is wrong
    }
    if (version < newest()) {
      throw new StorageException(
          file + " was written by an older AskApe; start the server with it once");
    }
  }

  private static int number(Database database, String sql) throws SQLException {
    return database.one(sql, row -> row.getInt(1)).orElseThrow();
  }
}
