package dev.askape.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.StorageException;
import dev.askape.storage.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
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
