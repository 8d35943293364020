package dev.askape.it;

import static dev.askape.it.ChatClient.ids;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Sorts;
import dev.askape.fixture.MongoServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// MongoDB goes away while people chat, and comes back.
@Timeout(180)
class MongoOutageIT {
  private static final String QUICK = "fake-quick:tokens=3,first=0,rate=0";
  private static final String USER = "somebody";
  private static final int MESSAGES = 20;

  /// What a client hears of a session that it joins, in turns.
  private static final int HISTORY = 25;

  private static final Duration LONG_PATIENCE = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private final StandIn standIn = new StandIn();
  private MongoServer mongo;
  private ServerProcess server;
  private final List<String> said = new ArrayList<>();
  private final String session = UUID.randomUUID().toString();

  @BeforeEach
  void start() throws Exception {
    mongo = MongoServer.start(folder.resolve("mongo"));
    Configuration.write(folder, standIn.baseUrl());
    server =
        ServerProcess.start(
            Program.in(folder),
            "--storage.mongo.uri=" + mongo.uri() + "/askape",
            "--storage.spool.path=" + folder.resolve("data/spool.db"));
    awaitOutput("Conversations are kept in MongoDB");
  }

  private void awaitOutput(String line) {
    Patience.until("the server says: " + line, () -> server.output().contains(line));
  }

  @AfterEach
  void end() {
    server.close();
    standIn.close();
    mongo.close();
  }

  private JsonNode say(ChatClient client, String text) {
    return say(client, session, text);
  }

  private JsonNode say(ChatClient client, String where, String text) {
    int mark = client.mark();
    var saved = client.say(where, USER, text, QUICK);
    client.await(
        mark,
        "all_responses_complete",
        done -> done.path("messageId").equals(saved.path("messageId")));
    if (where.equals(session)) {
      said.add(text);
    }
    return saved;
  }

  private static void isInMongoDb(JsonNode saved) {
    assertThat(saved.path("stored").asText()).isEqualTo("mongodb");
  }

  private static void isSpooled(JsonNode saved) {
    assertThat(saved.path("stored").asText()).isEqualTo("memory");
  }

  private void awaitAllInMongoDb() {
    Patience.until("everything is in MongoDB", () -> inMongoDb().size() >= said.size());
    assertThat(inMongoDb()).as("once each and in order").isEqualTo(said);
  }

  private List<String> inMongoDb() {
    try (var client = MongoClients.create(mongo.uri())) {
      return client
          .getDatabase("askape")
          .getCollection("messages")
          .find(new Document("sessionId", session).append("role", "USER"))
          .sort(Sorts.ascending("seq"))
          .map(document -> document.getString("content"))
          .into(new ArrayList<>());
    }
  }

  private void everybodyReadsAll() throws Exception {
    try (var fresh = ChatClient.connect(server.uri())) {
      var history = fresh.answerTo("join_session", ids(session, USER)).path("history");
      int newest = Math.min(said.size(), HISTORY);
      assertThat(contents(history, "USER"))
          .isEqualTo(said.subList(said.size() - newest, said.size()));
      for (var entry : history) {
        if (entry.path("role").asText().equals("AI")) {
          assertThat(entry.path("aiResponses").get(0).path("state").asText())
              .isEqualTo("completed");
        }
      }
    }
  }

  private static List<String> contents(JsonNode history, String role) {
    var contents = new ArrayList<String>();
    for (var entry : history) {
      if (entry.path("role").asText().equals(role)) {
        contents.add(entry.path("content").asText());
      }
    }
    return contents;
  }

  @Test
  void losesNothingWhateverHappensToMongoDb() throws Exception {
    try (var client = ChatClient.connect(server.uri())) {
      isInMongoDb(say(client, "Hello"));
      for (int again = 1; again <= 2; again++) {
        mongo.stop();
        isSpooled(say(client, "It hangs " + again));
        isSpooled(say(client, "It still hangs " + again));
        everybodyReadsAll();
        mongo.resume();
        awaitBack(client);

        mongo.kill();
        isSpooled(say(client, "It was killed " + again));
        isSpooled(say(client, "It is still dead " + again));
        everybodyReadsAll();
        mongo.restart();
        awaitBack(client);
      }
      awaitAllInMongoDb();
      everybodyReadsAll();
    }
  }

  private void awaitBack(ChatClient client) {
    awaitAllInMongoDb();
    // Who never pauses would have the session be behind all the time.
    Awaitility.await("new messages go to MongoDB again")
        .atMost(Patience.LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> say(client, "Back? " + said.size()).path("stored").asText().equals("mongodb"));
  }

  @Test
  void losesNothingWhenItIsKilledItselfMeanwhile() throws Exception {
    try (var client = ChatClient.connect(server.uri())) {
      isInMongoDb(say(client, "Hello"));
      mongo.kill();
      isSpooled(say(client, "MongoDB is away"));
      int mark = client.mark();
      server.kill();
      server.restart();
      awaitOutput("MongoDB is away: what is said is kept");
      client.await(mark, "(connect)", _ -> true);

      isSpooled(say(client, "So were you"));
      everybodyReadsAll();
      isSpooled(say(client, UUID.randomUUID().toString(), "A new session"));

      mongo.restart();
      awaitBack(client);
      awaitAllInMongoDb();
      everybodyReadsAll();
    }
  }

  /// How fast it is, `bench/faults` measures.
  @Test
  void waitsForAMongoDbThatHangsOnlyOnce() throws Exception {
    server.close();
    server =
        ServerProcess.start(
            Program.in(folder),
            "--storage.mongo.uri=" + mongo.uri() + "/askape",
            "--storage.spool.path=" + folder.resolve("data/spool.db"),
            "--storage.spool.patience=" + LONG_PATIENCE.toSeconds() + "s");
    try (var client = ChatClient.connect(server.uri())) {
      say(client, "Hello");
      mongo.stop();
      say(client, "Somebody has to find out");

      long start = System.nanoTime();
      for (int n = 0; n < MESSAGES; n++) {
        isSpooled(say(client, UUID.randomUUID().toString(), "Quick!"));
      }

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("if each of them had waited, it would be %d times as long", MESSAGES)
          .isLessThan(LONG_PATIENCE.multipliedBy(MESSAGES / 2));
      mongo.resume();
    }
  }
}
