package dev.askape.storage.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import dev.askape.chat.StorageException;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/// The version of the documents, and the indexes. What they mean stands in the documentation of the
/// package.
final class Schema {
  static final int NEWEST = 1;

  private static final String VERSION = "version of the schema";

  private record Index(Bson keys, IndexOptions options) {}

  /// No unique index but those that begin with the session: a sharded cluster has no others.
  private static final List<Index> MESSAGES =
      List.of(
          unique("sessionId", "seq"),
          unique("sessionId", "key"),
          index(Indexes.ascending("turn.id")),
          index(Indexes.ascending("turn.owner")));

  private static final List<Index> SESSIONS =
      List.of(
          index(
              Indexes.compoundIndex(
                  Indexes.ascending("owner"), Indexes.descending("activity", "_id"))),
          index(Indexes.ascending("ownerKind", "activity")));

  private static final List<Index> ACCOUNTS = List.of(index(Indexes.ascending("holding")));

  private Schema() {}

  /// Makes what is missing. May be done again, and by several processes at once.
  ///
  /// @throws StorageException when the database is a newer AskApe's, or another program's
  static void prepare(Round round) {
    checkVersion(round);
    try {
      // One by one: FerretDB breaks off when several are there already.
      for (var index : MESSAGES) {
        round.messages().createIndex(index.keys, index.options);
      }
      for (var index : SESSIONS) {
        round.sessions().createIndex(index.keys, index.options);
      }
      for (var index : ACCOUNTS) {
        round.accounts().createIndex(index.keys, index.options);
      }
    } catch (MongoException e) {
      if (Failures.isDuplicateKey(e)) {
        throw new StorageException(
            "its collection \"messages\" has documents of another program; choose another database in storage.mongo.uri",
            e);
      }
      throw e;
    }
  }

  private static Index unique(String... fields) {
    return new Index(Indexes.ascending(fields), new IndexOptions().unique(true));
  }

  private static Index index(Bson keys) {
    return new Index(keys, new IndexOptions());
  }

  private static void checkVersion(Round round) {
    var named = new Document("_id", VERSION);
    Writes.insertNew(round.nodes(), new Document(named).append("version", NEWEST));
    var found = round.nodes().find(named).first();
    long version = found == null ? NEWEST : Values.number(found, "version");
    if (version > NEWEST) {
      throw new StorageException(
          "the database has schema %d, and this AskApe knows up to %d; run a newer AskApe, or choose another in storage.mongo.uri"
              .formatted(version, NEWEST));
    }
  }
}
