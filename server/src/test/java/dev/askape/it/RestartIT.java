package dev.askape.it;

import static dev.askape.it.ChatClient.ids;
import static dev.askape.it.ChatClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.standin.StandInText;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed, or told to end, in the middle of its work, and started again.
@Timeout(120)
class RestartIT {
  private static final String QUICK = "fake-quick:tokens=3,first=0,rate=0";
  private static final String USER = "somebody";
  private static final int SIGTERM = 128 + 15;

  @TempDir private Path folder;
  private final StandIn standIn = new StandIn();
  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    Configuration.write(folder, standIn.baseUrl());
    // With so long a beat, something is nearly always said that was not told yet.
    server = ServerProcess.start(Program.in(folder), "--stream.merge=200ms");
  }

  @AfterEach
  void end() {
    server.close();
    standIn.close();
  }

  @Test
  void keepsTheMessageAndAllButTheLastMomentOfTheAnswersWhenKilledInMidAnswer() throws Exception {
    var models = List.of(endless("one"), endless("two"));
    var session = UUID.randomUUID().toString();
    try (var client = ChatClient.connect(server.uri())) {
      var saved =
          client.say(session, USER, "Will you remember this?", models.toArray(String[]::new));
      var mustBeKept = heardTwoCheckpointsAgo(client, models);
      int mark = client.mark();
      server.kill();
      server.restart();
      client.await(mark, "(connect)", _ -> true);

      mark = client.mark();
      var joined = client.answerTo("join_session", ids(session, USER));
      assertThat(client.await(mark, "session_joined", _ -> true).path("running").asInt()).isZero();
      var history = joined.path("history");
      assertThat(history).hasSize(2);
      assertThat(history.get(0).path("id")).isEqualTo(saved.path("id"));
      assertThat(history.get(0).path("content").asText()).isEqualTo("Will you remember this?");
      assertThat(history.get(1).path("id")).isEqualTo(saved.path("messageId"));
      for (var model : models) {
        var answer = answerOf(history.get(1), model);
        var content = answer.path("content").asText();
        assertThat(answer.path("state").asText()).isEqualTo("interrupted");
        assertThat(StandInText.answer(model)).startsWith(content);
        assertThat(content).hasSizeGreaterThanOrEqualTo(mustBeKept.getOrDefault(model, 1));
      }
      assertThat(server.output()).contains("2 answers had been running");
      Patience.until("no stream of the provider is open", () -> standIn.stats().running() == 0);

      // Life goes on.
      mark = client.mark();
      var next = client.say(session, USER, "And now?", QUICK);
      client.await(mark, "all_responses_complete", in(next));
      var completed = client.await(mark, "model_streaming_complete", in(next));
      assertThat(completed.path("content").asText()).isEqualTo(StandInText.answer(QUICK));
    }
  }

  /// What the client had heard of each answer before the last checkpoint but one was there: of such
  /// age is what a kill may not take.
  private Map<String, Integer> heardTwoCheckpointsAgo(ChatClient client, List<String> models)
      throws SQLException {
    var heard = new HashMap<String, Integer>();
    for (var model : models) {
      client.await(0, "message_chunk", chunk -> chunk.path("modelId").asText().equals(model));
    }
    for (var model : models) {
      heard.put(model, heardOf(client, model));
    }
    var before = KeptParts.lengths(Configuration.data(folder));
    awaitCheckpointAfter(before, models);
    awaitCheckpointAfter(KeptParts.lengths(Configuration.data(folder)), models);
    assertThat(heard.values()).allMatch(length -> length > 0);
    return heard;
  }

  private void awaitCheckpointAfter(Map<String, Integer> before, List<String> models) {
    Patience.until(
        "a checkpoint of both answers",
        () -> {
          var now = KeptParts.lengths(Configuration.data(folder));
          return models.stream()
              .allMatch(model -> now.getOrDefault(model, 0) > before.getOrDefault(model, 0));
        });
  }

  private static int heardOf(ChatClient client, String model) {
    return client
        .last("message_chunk", chunk -> chunk.path("modelId").asText().equals(model))
        .map(chunk -> chunk.path("fullContent").asText().length())
        .orElse(0);
  }

  @Test
  void endsInGoodOrderWhenToldTo() throws Exception {
    var lasting = endless("lasting");
    var ending = "fake-ending:tokens=60,first=0,rate=40";
    var session = UUID.randomUUID().toString();
    try (var client = ChatClient.connect(server.uri());
        var other = ChatClient.connect(server.uri())) {
      var saved = client.say(session, USER, "Take your time.", lasting, ending);
      client.await(0, "message_chunk", chunk -> chunk.path("modelId").asText().equals(lasting));
      client.await(0, "message_chunk", chunk -> chunk.path("modelId").asText().equals(ending));

      server.terminate();
      assertThat(firstRefusal(other).path("type").asText()).isEqualTo("shutting_down");
      var over = client.await(0, "all_responses_complete", in(saved));
      assertThat(stateOf(over, ending)).isEqualTo("completed");
      assertThat(stateOf(over, lasting)).isEqualTo("interrupted");
      var interrupted = client.await("model_error");
      assertThat(interrupted.path("type").asText()).isEqualTo("interrupted");
      // Either makes it come back; an "io server disconnect" would not.
      assertThat(client.await("(disconnect)").asText()).isIn("transport close", "transport error");
      assertThat(server.awaitExit()).isEqualTo(SIGTERM);

      int mark = client.mark();
      server.restart();
      client.await(mark, "(connect)", _ -> true);
      var history = client.answerTo("join_session", ids(session, USER)).path("history");
      assertThat(answerOf(history.get(1), ending).path("content").asText())
          .isEqualTo(StandInText.answer(ending));
      var kept = answerOf(history.get(1), lasting);
      assertThat(kept.path("state").asText()).isEqualTo("interrupted");
      assertThat(kept.path("content")).isEqualTo(interrupted.path("content"));
      assertThat(server.output()).doesNotContain("had been running");
    }
  }

  /// Asks until it is refused.
  private static JsonNode firstRefusal(ChatClient client) {
    while (true) {
      var session = UUID.randomUUID().toString();
      var reply = client.answerTo("message", message(session, "another", "Hello?", QUICK));
      if (!reply.path("ok").asBoolean()) {
        return reply.path("error");
      }
      client.answerTo("leave_session", ids(session, "another"));
    }
  }

  @Test
  void losesNoMessageThatItAcknowledgedInFiveKills() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var acknowledged = new HashMap<String, List<String>>(); // ids by session
    for (int kill = 0; kill < 5; kill++) {
      try (var client = ChatClient.connect(server.uri())) {
        int enough = random.nextInt(1, 60);
        int count = 0;
        while (count < enough) {
          count += sayAtOnce(client, random, acknowledged);
        }
        // What is under way now may be saved or not; nobody was told.
        sayWithoutWaiting(client, random);
        server.kill();
      }
      server.restart();
    }
    for (var session : acknowledged.entrySet()) {
      assertThat(messagesIn(session.getKey())).as("seed %d", seed).containsAll(session.getValue());
    }
    assertThat(acknowledged.values().stream().mapToInt(List::size).sum()).isGreaterThanOrEqualTo(5);
  }

  /// A message in each of a few sessions.
  private static int sayAtOnce(
      ChatClient client, Random random, Map<String, List<String>> acknowledged) throws Exception {
    var replies = new HashMap<String, java.util.concurrent.CompletableFuture<JsonNode>>();
    for (int n = 0; n < random.nextInt(1, 8); n++) {
      var session = UUID.randomUUID().toString();
      replies.put(session, client.ask("message", message(session, USER + n, "Keep this.", QUICK)));
    }
    for (var reply : replies.entrySet()) {
      var saved = reply.getValue().get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(saved.path("ok").asBoolean()).as("%s", saved).isTrue();
      acknowledged
          .computeIfAbsent(reply.getKey(), _ -> new ArrayList<>())
          .add(saved.path("id").asText());
    }
    for (var session : replies.keySet()) {
      client.answerTo("leave_session", ids(session, USER));
    }
    return replies.size();
  }

  private static void sayWithoutWaiting(ChatClient client, Random random) {
    for (int n = 0; n < random.nextInt(8); n++) {
      client.send("message", message(UUID.randomUUID().toString(), USER + n, "Or this.", QUICK));
    }
  }

  private List<String> messagesIn(String session) throws Exception {
    var reply = Http.get(server.uri(), "/api/chat/history/" + session);
    assertThat(reply.status())
        .as("history of a session with an acknowledged message")
        .isEqualTo(200);
    return StreamSupport.stream(reply.json().path("messages").spliterator(), false)
        .map(entry -> entry.path("id").asText())
        .toList();
  }

  private static String endless(String name) {
    return "fake-" + name + ":tokens=20000,first=0,rate=150";
  }

  private static java.util.function.Predicate<JsonNode> in(JsonNode saved) {
    return event -> event.path("messageId").equals(saved.path("messageId"));
  }

  private static JsonNode answerOf(JsonNode entry, String model) {
    return StreamSupport.stream(entry.path("aiResponses").spliterator(), false)
        .filter(answer -> answer.path("modelId").asText().equals(model))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no answer of " + model + " in " + entry));
  }

  private static String stateOf(JsonNode over, String model) {
    return StreamSupport.stream(over.path("outcomes").spliterator(), false)
        .filter(outcome -> outcome.path("modelId").asText().equals(model))
        .map(outcome -> outcome.path("state").asText())
        .findFirst()
        .orElseThrow();
  }
}
