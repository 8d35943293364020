package dev.askape.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Path;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MongoServerTest {
  @TempDir private Path folder;
  private MongoServer server;
  private MongoClient client;

  @BeforeEach
  void start() {
    server = MongoServer.start(folder);
    client =
        MongoClients.create(
            server.uri() + "/?serverSelectionTimeoutMS=300&timeoutMS=600&heartbeatFrequencyMS=500");
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  @Test
  void keepsItsDataWhenItIsKilled() {
    insert("one");

    server.kill();
    assertThatThrownBy(() -> insert("two")).isInstanceOf(MongoException.class);
    server.restart();

    await().ignoreExceptions().untilAsserted(() -> insert("three"));
    assertThat(count("one")).isOne();
    assertThat(count("three")).isOne();
  }

  @Test
  void answersNothingWhileItIsStopped() {
    insert("one");

    server.stop();
    assertThatThrownBy(() -> count("one")).isInstanceOf(MongoException.class);
    server.resume();

    await().ignoreExceptions().untilAsserted(() -> assertThat(count("one")).isOne());
  }

  private void insert(String id) {
    client.getDatabase("test").getCollection("c").insertOne(new Document("_id", id));
  }

  private long count(String id) {
    return client.getDatabase("test").getCollection("c").countDocuments(new Document("_id", id));
  }
}
