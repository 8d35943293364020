package dev.askape.localmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicLong clock = new AtomicLong();
  private final FakeModel model = new FakeModel();
  private final Generations generations = new Generations(1, 1, clock::get);
  private final EventLoops loops = EventLoops.start(1);
  private final HttpServer server =
      HttpServer.start(
          HttpSettings.defaults().withAddress("127.0.0.1", 0),
          loops,
          new Routes(model, generations, "key").all());
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    model.release.countDown();
    client.close();
    server.close();
    loops.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("Authorization", "Bearer key")
        .timeout(Duration.ofSeconds(20));
  }

  private HttpRequest chat(String rest) {
    return request("/v1/chat/completions")
        .POST(BodyPublishers.ofString("{\"model\":\"smollm2\"," + rest + "}"))
        .build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private static String user(String text) {
    return "\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
  }

  private static List<JsonNode> chunks(String stream) throws IOException {
    var chunks = new ArrayList<JsonNode>();
    for (var line : stream.lines().filter(it -> it.startsWith("data: {")).toList()) {
      chunks.add(JSON.readTree(line.substring(6)));
    }
    return chunks;
  }

  @Test
  void streamsAnAnswerWithUsage() throws Exception {
    var stream =
        send(chat("\"stream\":true,\"stream_options\":{\"include_usage\":true}," + user("a 🦊 b")))
            .body();

    var chunks = chunks(stream);
    assertThat(
            chunks.stream()
                .map(it -> it.at("/choices/0/delta/content").asText(""))
                .reduce("", String::concat))
        .isEqualTo("user: a 🦊 b");
    assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
        .isEqualTo("stop");
    assertThat(chunks.getLast().at("/usage/prompt_tokens").asInt()).isEqualTo(4);
    assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(4);
    assertThat(stream).endsWith("data: [DONE]\n\n");
  }

  @Test
  void answersAsAWhole() throws Exception {
    var json = JSON.readTree(send(chat(user("a b"))).body());

    assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("user: a b");
    assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(6);
  }

  @Test
  void saysThatAnAnswerWasCutShort() throws Exception {
    var json = JSON.readTree(send(chat("\"max_tokens\":2," + user("a b c"))).body());

    assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void dropsTheOldestOfAConversationThatIsTooLong() throws Exception {
    var old = "old ".repeat(30);
    var json =
        JSON.readTree(
            send(chat(
                    "\"messages\":[{\"role\":\"user\",\"content\":\""
                        + old
                        + "\"},{\"role\":\"assistant\",\"content\":\"yes\"},"
                        + "{\"role\":\"user\",\"content\":\"new one\"}]"))
                .body());

    assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("user: new one");
    assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void refusesAMessageThatIsTooLong() throws Exception {
    var response = send(chat(user("word ".repeat(60))));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("context_length_exceeded");
  }

  @Test
  void turnsAwayWhoDoesNotShowTheKey() throws Exception {
    for (var path : List.of("/v1/models", "/health", "/v1/chat/completions")) {
      var response = send(request(path).setHeader("Authorization", "Bearer other").GET().build());
      assertThat(response.statusCode()).isEqualTo(401);
    }
  }

  @Test
  void listsBothModels() throws Exception {
    assertThat(send(request("/v1/models").build()).body())
        .contains("\"id\":\"smollm2\"", "\"id\":\"smollm2-inventive\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"model\":\"smollm2\"}",
        "{\"model\":\"smollm2\",\"messages\":[]}",
        "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"cat\",\"content\":\"x\"}]}",
        "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":7}]}",
        "{\"model\":\"smollm2\",\"max_tokens\":0,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
        "{\"model\":\"smollm2\",\"temperature\":\"hot\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
        "{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
      })
  void refusesWhatItDoesNotUnderstand(String body) throws Exception {
    var response =
        send(request("/v1/chat/completions").POST(BodyPublishers.ofString(body)).build());

    assertThat(response.statusCode()).isIn(400, 404);
    assertThat(JSON.readTree(response.body()).at("/error/code").asText()).isNotEmpty();
    assertThat(model.started).hasValue(0);
  }

  @Test
  void turnsAwayWhoWouldWaitBehindTooMany() throws Exception {
    model.waits = true;
    var first = client.sendAsync(chat(user("a b")), BodyHandlers.ofString());
    await().until(() -> model.started.get() == 1);
    var second = client.sendAsync(chat(user("a b")), BodyHandlers.ofString());
    var others = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    await()
        .until(() -> {
          others.add(client.sendAsync(chat(user("a b")), BodyHandlers.ofString()));
          return others.stream().anyMatch(it -> it.isDone() && it.join().statusCode() == 429);
        });

    model.release.countDown();
    assertThat(first.join().statusCode()).isEqualTo(200);
    assertThat(
            java.util.stream.Stream.concat(java.util.stream.Stream.of(second), others.stream())
                .map(it -> it.join().statusCode()))
        .contains(200, 429);
  }

  @Test
  void stopsWhenTheClientHasGone() throws Exception {
    model.waits = true;
    var response =
        client.send(chat("\"stream\":true," + user("a b c")), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      assertThat(body.read()).isPositive();
    }
    await()
        .until(() -> {
          if (server.connections() == 0) {
            model.release.countDown();
          }
          return model.cancelled.get() == 1;
        });
  }

  @Test
  void tellsAFailureOfTheLibrary() throws Exception {
    model.fails = true;

    assertThat(send(chat(user("a"))).statusCode()).isEqualTo(500);
    assertThat(send(chat("\"stream\":true," + user("a"))).body())
        .contains("\"error\"")
        .contains("server_error");
    model.fails = false;
    assertThat(send(chat(user("a"))).statusCode()).isEqualTo(200);
  }

  @Test
  void isUnwellWhenAnswersGetNoFurther() throws Exception {
    model.waits = true;
    var answer = client.sendAsync(chat(user("a b")), BodyHandlers.ofString());
    await().until(() -> model.said.get() == 1);
    assertThat(send(request("/health").build()).statusCode()).isEqualTo(200);

    clock.addAndGet(Generations.STUCK.toNanos() + 1);
    assertThat(send(request("/health").build()).statusCode()).isEqualTo(503);

    model.release.countDown();
    assertThat(answer.join().statusCode()).isEqualTo(200);
    await().until(() -> send(request("/health").build()).statusCode() == 200);
  }
}
