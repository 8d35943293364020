package dev.askape.storage.mongo;

import com.mongodb.ConnectionString;
import dev.askape.chat.StorageException;
import java.util.Optional;

/// Where MongoDB is and how to get in: a connection string, which may hold a password and is
/// therefore never printed. Immutable.
public final class MongoUri {
  private final ConnectionString value;

  private MongoUri(ConnectionString value) {
    this.value = value;
  }

  /// Reads a connection string.
  ///
  /// @throws StorageException if it is none; the message does not repeat it
  public static MongoUri of(String text) {
    try {
      return new MongoUri(new ConnectionString(text));
    } catch (IllegalArgumentException _) {
      // The driver's message, and so its exception, can quote the text.
      throw new StorageException(
          "storage.mongo.uri is not a connection string of MongoDB; it looks like mongodb://user:password@host:27017/?replicaSet=rs0");
    }
  }

  ConnectionString reveal() {
    return value;
  }

  /// The database that it names.
  Optional<String> database() {
    return Optional.ofNullable(value.getDatabase());
  }

  /// The hosts alone, as people may see them.
  @Override
  public String toString() {
    return String.join(",", value.getHosts());
  }
}
