package dev.askape.storage.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.askape.fixture.MongoServer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.bson.Document;

/// A database of its own on the shared server, stores in it, and a plain client that looks at it.
final class Stores implements AutoCloseable {
  static final Duration NEVER = Duration.ofDays(1);

  private final String uri = MongoServer.shared().uri();
  private final String name = "askape_test_" + UUID.randomUUID().toString().substring(0, 8);
  private final MongoClient client = MongoClients.create(uri);

  /// What a process of this node opens, that says once that it lives and never looks for others.
  MongoSettings settings(String node) {
    return settings(node, uri);
  }

  MongoSettings settings(String node, String at) {
    return MongoSettings.of(MongoUri.of(at), node)
        .withDatabase(name)
        .withLease(NEVER, Duration.ofMinutes(1))
        .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  MongoDatabase database() {
    return client.getDatabase(name);
  }

  MongoCollection<Document> messages() {
    return database().getCollection("messages");
  }

  MongoCollection<Document> sessions() {
    return database().getCollection("sessions");
  }

  MongoCollection<Document> accounts() {
    return database().getCollection("accounts");
  }

  MongoCollection<Document> nodes() {
    return database().getCollection("nodes");
  }

  /// The only entry of a role.
  Document entry(String role) {
    return Optional.ofNullable(messages().find(new Document("role", role)).first()).orElseThrow();
  }

  @Override
  public void close() {
    database().drop();
    client.close();
  }
}
