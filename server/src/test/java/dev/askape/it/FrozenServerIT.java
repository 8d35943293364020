package dev.askape.it;

import static dev.askape.it.ChatClient.ids;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClients;
import dev.askape.fixture.MongoServer;
import dev.askape.it.ChatClient.Heard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A server that is frozen in the middle of an answer for longer than its lease, another one on the
/// same database, and what the first one does when it wakes up.
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGSTOP")
class FrozenServerIT {
  private static final String SLOW = "fake-slow:tokens=100000,first=0,rate=50";
  private static final String QUICK = "fake-quick:tokens=3,first=0,rate=0";
  private static final String USER = "somebody";

  @TempDir private Path folder;
  private final StandIn standIn = new StandIn();
  private final String session = UUID.randomUUID().toString();
  private MongoServer mongo;
  private ServerProcess frozen;
  private ServerProcess other;

  @BeforeEach
  void start() throws Exception {
    mongo = MongoServer.start(folder.resolve("mongo"));
    frozen = start("frozen");
    other = start("other");
  }

  private ServerProcess start(String name) throws Exception {
    var own = Files.createDirectory(folder.resolve(name));
    Configuration.write(own, standIn.baseUrl());
    return ServerProcess.start(
        Program.in(own),
        "--storage.mongo.uri=" + mongo.uri() + "/askape",
        "--storage.mongo.lease=2s",
        "--storage.spool.path=" + own.resolve("spool.db"));
  }

  @AfterEach
  void end() {
    frozen.close();
    other.close();
    standIn.close();
    mongo.close();
  }

  @Test
  void writesAndTellsNothingOfTheTurnThatItLost() throws Exception {
    try (var client = ChatClient.connect(frozen.uri())) {
      var saved = client.say(session, USER, "Talk for long", SLOW);
      client.await(
          0, "message_chunk", chunk -> chunk.path("fullContent").asText().length() > 1_000);
      frozen.freeze();
      Patience.until("the other one ends its turn", () -> !isRunning());
      int mark = client.mark();
      var ended = documents();

      frozen.wake();

      client.await(mark, "(disconnect)", _ -> true);
      client.await(mark, "(connect)", _ -> true);
      assertThat(tellsOf(saved, client.heard().subList(mark, client.mark()))).isEmpty();
      assertThat(documents()).isEqualTo(ended);
      seesWhatIsKept(client);
      isAnswered(client);
    }
  }

  private boolean isRunning() {
    return documents().stream()
        .map(document -> document.get("turn", new Document()))
        .anyMatch(turn -> turn.containsKey("owner"));
  }

  private List<Document> documents() {
    try (var client = MongoClients.create(mongo.uri())) {
      return client
          .getDatabase("askape")
          .getCollection("messages")
          .find(new Document("sessionId", session))
          .sort(new Document("_id", 1))
          .into(new ArrayList<>());
    }
  }

  private static List<Heard> tellsOf(JsonNode saved, List<Heard> heard) {
    return heard.stream().filter(one -> one.payload().toString().contains(id(saved))).toList();
  }

  private static String id(JsonNode saved) {
    return saved.path("messageId").asText();
  }

  private void seesWhatIsKept(ChatClient client) {
    var history = client.answerTo("join_session", ids(session, USER)).path("history");
    var answer = history.get(1).path("aiResponses").get(0);
    assertThat(answer.path("state").asText()).isEqualTo("interrupted");
    assertThat(answer.path("content").asText()).isEqualTo(keptText());
  }

  private String keptText() {
    return documents().stream()
        .filter(document -> "AI".equals(document.getString("role")))
        .map(document -> document.getList("aiResponses", Document.class).getFirst())
        .map(answer -> answer.getString("content"))
        .findFirst()
        .orElseThrow();
  }

  private void isAnswered(ChatClient client) {
    int mark = client.mark();
    client.say(session, USER, "And now?", QUICK);
    client.await(mark, "all_responses_complete", _ -> true);
  }
}
