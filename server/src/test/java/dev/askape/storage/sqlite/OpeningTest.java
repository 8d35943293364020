package dev.askape.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.Money;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import dev.askape.storage.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() throws Exception {
    file = folder.toRealPath().resolve("a.db");
  }

  @Test
  void makesTheFolderAndTheFile() {
    var deep = folder.resolve("a/b/c.db");
    open(deep).close();

    assertThat(deep).exists();
  }

  @Test
  void opensAFileWhoseNameIsAnything() {
    var odd = folder.resolve("ein Ort?mode=memory#x%41 é'&.db");
    try (var store = open(odd)) {
      store.accept(Samples.session("s", 1), Samples.turn("s", 1, 1));
    }

    assertThat(odd).isNotEmptyFile();
    try (var store = open(odd)) {
      assertThat(store.findSession(Samples.session("s", 1).id())).isPresent();
    }
  }

  @Test
  void saysWhichFileAndWhatToDoWhenAFullDiskKeepsItFromEndingWhatWasLeft() {
    try (var store = open(file)) {
      for (int n = 1; n <= 60; n++) {
        store.accept(Samples.session("s", n), Samples.turn("s", n, 3));
      }
      long pages = pragma(store, "page_count");
      pragma(store, "max_page_count = " + pages);

      assertThatThrownBy(() -> store.interruptRunning(Instant.EPOCH))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("the disk is full")
          .hasMessageContaining("make room")
          .hasMessageNotContaining("\n");
    }
  }

  private static long pragma(SqliteStore store, String pragma) {
    return store.write(
        database -> database.one("PRAGMA " + pragma, row -> row.getLong(1)).orElseThrow());
  }

  @Test
  void makesANewDatabaseOfAnEmptyFile() throws Exception {
    Files.createFile(file);

    open(file).close();

    assertThat(file).isNotEmptyFile();
  }

  @Test
  void marksTheFileWithItsVersion() throws Exception {
    open(file).close();

    assertThat(sql("PRAGMA user_version")).isEqualTo(Schema.newest());
    assertThat(sql("PRAGMA application_id")).isEqualTo(Schema.APPLICATION_ID);
  }

  @Test
  void upgradesTheFirstSchemaAndCountsWhatWasUsedBefore() throws Exception {
    var over = Samples.turn("s", 1, 2);
    var running = Samples.turn("s", 2, 1);
    try (var database = Database.writer(file)) {
      Schema.upgrade(database, "a.db", 1);
      SessionRows.write(database, Samples.session("s", 2));
      insertAsBefore(database, over, "COMPLETED");
      insertAsBefore(database, running, "WAITING");
    }

    try (var store = open(file)) {
      assertThat(store.findSession(over.sessionId())).contains(Samples.session("s", 2));
      assertThat(store.account(Samples.ANNA).booked())
          .isEqualTo(new UsageSum(2, 24, 14, Money.ZERO));
      assertThat(store.usageOf(over.sessionId()).answers()).isEqualTo(2);
      assertThat(store.interruptRunning(Samples.START)).isEqualTo(1);
      assertThat(store.account(Samples.ANNA).booked())
          .isEqualTo(new UsageSum(3, 36, 14, Money.ZERO));
      var turns = store.listTurns(over.sessionId(), Long.MAX_VALUE, 9);
      assertThat(turns).hasSize(2);
      for (var answer : turns.getFirst().answers()) {
        assertThat(answer.content()).isEqualTo("said before");
        assertThat(answer.usage().cost()).isEmpty();
        assertThat(answer.servedBy()).isEmpty();
      }
      var next = Samples.turn("s", 3, 1);
      store.accept(Samples.session("s", 3), next);
      store.endAnswer(next.messageId(), 1, Samples.completed(next.answers().getFirst(), "new", ""));
      assertThat(store.account(Samples.ANNA).booked().answers()).isEqualTo(4);
    }
    assertThat(sql("PRAGMA user_version")).isEqualTo(Schema.newest());
  }

  /// As the first version wrote it.
  private static void insertAsBefore(Database database, TurnRecord turn, String state)
      throws SQLException {
    database.update(
        """
        INSERT INTO turns (
          id, session_id, seq, user_message_id, sender_kind, sender_id, client_message_id,
          content, tokens, created_at, epoch, running)
        VALUES (?, ?, ?, ?, 'USER', 'anna', ?, ?, ?, ?, 1, ?)
        """,
        turn.messageId().value(),
        turn.sessionId().value(),
        turn.seq(),
        turn.userMessageId().value(),
        turn.clientMessageId().orElseThrow().value(),
        turn.content(),
        turn.tokens(),
        Columns.nanos(turn.createdAt()),
        state.equals("WAITING"));
    for (var answer : turn.answers()) {
      database.update(
          """
          INSERT INTO answers (
            id, turn_id, place, attempt, model_id, model_name, created_at,
            state, content, reasoning, fragments, prompt_tokens, completion_tokens, estimated)
          VALUES (?, ?, ?, 1, 'm', 'M', 0, ?, ?, '', 1, 12, ?, 0)
          """,
          answer.id().value(),
          turn.messageId().value(),
          answer.place(),
          state,
          state.equals("WAITING") ? "" : "said before",
          state.equals("WAITING") ? 0 : 7);
    }
  }

  @Test
  void refusesANewerSchema() throws Exception {
    open(file).close();
    sql("PRAGMA user_version = 99");

    refuses(file, "schema 99", "run a newer AskApe");
    assertThat(sql("PRAGMA user_version")).isEqualTo(99);
  }

  @Test
  void refusesTheDatabaseOfAnotherProgram() throws Exception {
    sql("CREATE TABLE theirs (x)");

    refuses(file, "another program", "choose another place");
    assertThat(sql("SELECT count(*) FROM sqlite_schema")).isEqualTo(1);
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws Exception {
    Files.writeString(file, "Dear diary, ".repeat(1_000));

    refuses(file, "not a SQLite database", "choose another place");
    assertThat(file).content().startsWith("Dear diary");
  }

  @Test
  void refusesAFolderInPlaceOfTheFile() throws Exception {
    Files.createDirectory(file);

    refuses(file, "is a folder", "choose another place");
  }

  @Test
  void refusesAFolderThatCannotBeMade() throws Exception {
    Files.writeString(file, "a file");

    refuses(file.resolve("below/b.db"), "cannot be written", "choose another place");
  }

  @Test
  void knowsAFileByWhateverName() throws Exception {
    try (var _ = open(file)) {
      var link = Files.createSymbolicLink(folder.resolve("link.db"), file);
      assertThatThrownBy(() -> open(link)).hasMessageContaining("in use");
      assertThatThrownBy(() -> open(folder.resolve("x/../a.db"))).hasMessageContaining("in use");
    }
  }

  @Test
  void freesTheFileWhenItCouldNotBeOpened() throws Exception {
    Files.writeString(file, "Dear diary, ".repeat(1_000));
    refuses(file, "not a SQLite database", "");
    Files.delete(file);

    open(file).close();
    open(file).close();
  }

  @Test
  void keepsTheLockOfTheNextOneWhenClosedTwice() {
    var first = open(file);
    first.close();
    try (var _ = open(file)) {
      first.close();
      assertThatThrownBy(() -> open(file)).hasMessageContaining("in use");
    }
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    refusesSettings(s -> new SqliteSettings(s.path(), 0, 1, 1, 1, s.maxWait(), Duration.ZERO));
    refusesSettings(s -> new SqliteSettings(s.path(), 1, 0, 1, 1, s.maxWait(), Duration.ZERO));
    refusesSettings(s -> new SqliteSettings(s.path(), 1, 1, 0, 1, s.maxWait(), Duration.ZERO));
    refusesSettings(s -> new SqliteSettings(s.path(), 1, 1, 1, 0, s.maxWait(), Duration.ZERO));
    refusesSettings(s -> new SqliteSettings(s.path(), 1, 1, 1, 1, Duration.ZERO, Duration.ZERO));
    refusesSettings(s -> new SqliteSettings(s.path(), 1, 1, 1, 1, s.maxWait(), s.maxWait()));
    assertThat(SqliteSettings.memory().path()).isEqualTo(Optional.empty());
  }

  private static void refusesSettings(UnaryOperator<SqliteSettings> change) {
    assertThatThrownBy(() -> change.apply(SqliteSettings.memory()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void refuses(Path path, String reason, String wayOut) {
    assertThatThrownBy(() -> open(path))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(reason)
        .hasMessageContaining(wayOut)
        .message()
        .hasLineCount(1);
  }

  private static SqliteStore open(Path path) {
    return SqliteStore.open(SqliteSettings.file(path));
  }

  private int sql(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return 0;
      }
      try (var rows = statement.getResultSet()) {
        return rows.getInt(1);
      }
    }
  }
}
