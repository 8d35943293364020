package dev.askape.storage.sqlite;

import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.StorageException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// What went wrong in the database, in the domain's words and on one line.
final class Failures {
  /// The lower byte of an extended result code.
  private static final int PRIMARY_CODE = 0xff;

  private Failures() {}

  static StorageException of(String what, Throwable cause) {
    var message = what + ": " + reason(cause);
    return isRefusal(cause)
        ? new RecordRefusedException(message, cause)
        : new StorageException(message, cause);
  }

  private static boolean isRefusal(Throwable cause) {
    return cause instanceof SQLiteException sqlite
        && switch (SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY_CODE)) {
          case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH -> true;
          default -> false;
        };
  }

  private static String reason(Throwable cause) {
    if (cause instanceof SQLiteException sqlite) {
      return switch (sqlite.getResultCode()) {
        case SQLITE_NOTADB -> "it is not a SQLite database";
        case SQLITE_FULL -> "the disk is full";
        case SQLITE_CORRUPT -> "it is damaged";
        case SQLITE_READONLY, SQLITE_PERM -> "it may not be written";
        case SQLITE_CANTOPEN -> "it cannot be opened";
        case SQLITE_BUSY, SQLITE_LOCKED -> "another program holds it";
        default -> firstLine(sqlite);
      };
    }
    return cause instanceof SQLException ? firstLine(cause) : cause.toString();
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
