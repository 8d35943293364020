package dev.askape.storage.mongo;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.bson.Document;

/// One try of one call: what it may touch, and until when. Everything that is asked of MongoDB in
/// it gets the time that is left. For one thread.
final class Round implements AutoCloseable {
  private final MongoDatabase database;
  private final Locks locks;
  private final Deadline deadline;
  private final boolean again;
  private final List<ReentrantLock> held = new ArrayList<>();

  Round(MongoDatabase database, Locks locks, Deadline deadline, boolean again) {
    this.database = database;
    this.locks = locks;
    this.deadline = deadline;
    this.again = again;
  }

  MongoCollection<Document> sessions() {
    return collection("sessions");
  }

  MongoCollection<Document> messages() {
    return collection("messages");
  }

  /// What identities have used.
  MongoCollection<Document> accounts() {
    return collection("accounts");
  }

  /// The processes that use this database, and the version of its schema.
  MongoCollection<Document> nodes() {
    return collection("nodes");
  }

  private MongoCollection<Document> collection(String name) {
    if (deadline.isOver()) {
      throw new StorageException("MongoDB: no answer in time");
    }
    return database.getCollection(name).withTimeout(deadline.millisLeft(), TimeUnit.MILLISECONDS);
  }

  /// Whether an earlier try may have done some of it, or all.
  boolean isAgain() {
    return again;
  }

  /// From here to the end of the round nobody else in this process writes to the session.
  void lock(SessionId session) {
    held.add(locks.lock(session, deadline));
  }

  /// The same for an account; after the session, never before.
  void lock(Party account) {
    held.add(locks.lock(account, deadline));
  }

  @Override
  public void close() {
    held.forEach(ReentrantLock::unlock);
  }
}
