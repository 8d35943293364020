package dev.askape.storage.mongo;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import org.bson.Document;

/// Inserts that may be done again.
final class Writes {
  private Writes() {}

  /// Inserts a document unless it is there.
  ///
  /// @return false if a document with this `_id`, or with another unique key of it, is there
  static boolean insertNew(MongoCollection<Document> into, Document document) {
    try {
      into.insertOne(document);
      return true;
    } catch (MongoWriteException e) {
      if (Failures.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }
}
