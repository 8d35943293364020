package dev.askape.storage.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// One connection with its prepared statements. Confined to one thread at a time, a platform
/// thread: its calls are native and would hold on to a virtual thread's carrier.
final class Database implements AutoCloseable {
  /// For tools of others that hold the file for a moment; nobody of this process makes another
  /// wait. Below the default of `SqliteSettings.maxWait`.
  private static final int BUSY_TIMEOUT_MS = 5_000;

  /// Reads one row.
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  @FunctionalInterface
  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Database(Connection connection) {
    this.connection = connection;
  }

  static Database memory() throws SQLException {
    var database = connect(":memory:", false);
    database.execute("PRAGMA foreign_keys = ON");
    return database;
  }

  /// A connection that writes; makes the file when there is none.
  static Database writer(Path file) throws SQLException {
    var database = connect(uri(file), false);
    try {
      database.execute("PRAGMA foreign_keys = ON");
      database.execute("PRAGMA trusted_schema = OFF");
      var mode = database.one("PRAGMA journal_mode = WAL", row -> row.getString(1)).orElse("");
      if (!mode.equals("wal")) {
        throw new SQLException("this file system cannot hold a write-ahead log (" + mode + ")");
      }
      // In WAL mode FULL syncs the log at each commit, before COMMIT returns; NORMAL would not.
      database.execute("PRAGMA synchronous = FULL");
      // On macOS a plain fsync stops at the drive's cache; elsewhere these two do nothing.
      database.execute("PRAGMA fullfsync = ON");
      database.execute("PRAGMA checkpoint_fullfsync = ON");
      database.execute("PRAGMA journal_size_limit = 67108864");
      return database;
    } catch (SQLException e) {
      database.close();
      throw e;
    }
  }

  /// A connection that reads; the file is there and in WAL mode.
  static Database reader(Path file) throws SQLException {
    return connect(uri(file), true);
  }

  private static Database connect(String name, boolean readOnly) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    return new Database(config.createConnection("jdbc:sqlite:" + name));
  }

  /// Percent-encoded, because the driver takes what follows a `?` for settings.
  private static String uri(Path file) {
    return "file://" + file.toAbsolutePath().toUri().getRawPath();
  }

  /// Runs several statements.
  void script(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /// Runs one statement without parameters.
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Runs one statement of a fixed text.
  ///
  /// @param values each a [String], [Long], [Integer], [Boolean] (0 or 1), `byte[]` or null
  /// @return how many rows it changed
  int update(String sql, @Nullable Object... values) throws SQLException {
    return run(PreparedStatement::executeUpdate, sql, values);
  }

  /// All rows of a query of a fixed text; `values` as in [#update].
  <T> List<T> all(String sql, Row<T> reader, @Nullable Object... values) throws SQLException {
    return run(
        statement -> {
          var found = new ArrayList<T>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(reader.read(rows));
            }
          }
          return found;
        },
        sql,
        values);
  }

  /// The first row of a query.
  <T> Optional<T> one(String sql, Row<T> reader, @Nullable Object... values) throws SQLException {
    return all(sql, reader, values).stream().findFirst();
  }

  /// A statement that failed is not used again: the driver closes some of them on its own.
  private <T> T run(Use<T> use, String sql, @Nullable Object... values) throws SQLException {
    var kept = statements.remove(sql);
    var statement = kept == null ? connection.prepareStatement(sql) : kept;
    boolean sound = false;
    try {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      var result = use.of(statement);
      statement.clearParameters();
      statements.put(sql, statement);
      sound = true;
      return result;
    } finally {
      if (!sound) {
        statement.close();
      }
    }
  }

  /// The statements that were prepared so far.
  Set<String> prepared() {
    return Set.copyOf(statements.keySet());
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    try {
      for (var statement : statements.values()) {
        statement.close();
      }
    } finally {
      connection.close();
    }
  }
}
