package dev.askape.storage.sqlite;

import dev.askape.chat.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/// Copies a data file, also one that another process writes at the same time. The copy is one
/// moment of it, whole, synced and checked before it gets its name. Not to be called on a virtual
/// thread.
public final class SqliteBackup {
  private SqliteBackup() {}

  /// Makes the copy.
  ///
  /// @param to must not be there; its folder must
  /// @return the size of the copy in bytes
  /// @throws StorageException with one line that says what is wrong with which file
  public static long copy(Path from, Path to) {
    if (!Files.isRegularFile(from)) {
      throw new StorageException("There is no data file " + from + DataFile.WAY_OUT);
    }
    if (Files.exists(to)) {
      throw new StorageException(to + " is there already; choose another name");
    }
    var unfinished = to.resolveSibling(to.getFileName() + ".unfinished");
    try {
      Files.deleteIfExists(unfinished);
      try (var database = Database.reader(from)) {
        Schema.requireNewest(database, "The data file " + from);
        // One read transaction: what others commit meanwhile neither waits nor comes in.
        database.update("VACUUM INTO ?", unfinished.toString());
      }
      check(unfinished);
      sync(unfinished);
      Files.move(unfinished, to);
      return Files.size(to);
    } catch (SQLException e) {
      throw Failures.of("The copy " + to + " could not be made", e);
    } catch (IOException e) {
      throw new StorageException("The copy " + to + " could not be written: " + e, e);
    } finally {
      deleteQuietly(unfinished);
    }
  }

  private static void check(Path copy) throws SQLException {
    try (var database = Database.reader(copy)) {
      var found = database.one("PRAGMA quick_check(1)", row -> row.getString(1)).orElse("");
      if (!found.equals("ok")) {
        throw new StorageException("The copy is damaged: " + found);
      }
    }
  }

  private static void sync(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // It says by its name that it is not finished.
    }
  }
}
