package dev.askape.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.http.EventLoops;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandInProviderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static EventLoops loops;
  private static StandInProvider standIn;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    loops = EventLoops.start(1);
    standIn = StandInProvider.start(loops, "127.0.0.1", 0);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    standIn.close();
    loops.close();
  }

  @Test
  void streamsWhatTheTextSays() throws Exception {
    var model = "fake-a:tokens=7,rate=0,first=0,think=2";
    var lines = stream(model, true).body().lines().filter(line -> !line.isEmpty()).toList();

    assertThat(lines).allMatch(line -> line.startsWith("data: ")).endsWith("data: [DONE]");
    assertThat(text(lines, "content")).isEqualTo(StandInText.answer(model));
    assertThat(text(lines, "reasoning_content")).isEqualTo(StandInText.reasoning(model));
    assertThat(lines.get(lines.size() - 3)).contains("\"finish_reason\":\"stop\"");
    assertThat(lines.get(lines.size() - 2))
        .contains("\"completion_tokens\":9", "\"reasoning_tokens\":2");
    assertThat(lines).hasSize(1 + 2 + 7 + 3);
  }

  @Test
  void reportsUsageOnlyWhenAskedTo() throws Exception {
    assertThat(stream("fake-a:tokens=1,rate=0,first=0", false).body()).doesNotContain("usage");
  }

  @Test
  void answersAsAWhole() throws Exception {
    var model = "fake-a:tokens=5,rate=0,first=0";
    var answer = JSON.readTree(post(request(model, "\"stream\":false")).body());

    assertThat(answer.at("/choices/0/message/content").asText())
        .isEqualTo(StandInText.answer(model));
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void echoesTheMessages() throws Exception {
    var lines = stream("fake-a:text=echo,rate=0,first=0", false).body().lines().toList();

    assertThat(text(lines, "content")).isEqualTo("[{\"role\":\"user\",\"content\":\"hi 😀\"}]");
  }

  @Test
  void saysTheSameAgainAndSomethingElseAsAnotherModel() {
    assertThat(StandInText.answer("fake-a")).isEqualTo(StandInText.answer("fake-a"));
    assertThat(StandInText.answer("fake-a")).isNotEqualTo(StandInText.answer("fake-b"));
    assertThat(StandInText.fragments("fake-a"))
        .hasSize(60)
        .allMatch(fragment -> fragment.matches("[a-z]{3,7} "));
    assertThat(StandInText.fragments("fake-a:chars=9,tokens=3"))
        .hasSize(3)
        .allMatch(f -> f.length() == 9);
  }

  @Test
  void keepsToItsPace() throws Exception {
    long before = System.nanoTime();
    stream("fake-a:tokens=20,rate=100,first=50", false);

    assertThat(System.nanoTime() - before).isGreaterThan(235_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "fake-a:fail=refuse,503",
    "fake-a:fail=401,401",
    "fake-a:fail=404,404",
    "fake-a:fail=429,429",
    "fake-a:fail=500,500",
    "fake-a:fail=400-stream-options,400"
  })
  void refuses(String model, int status) throws Exception {
    assertThat(stream(model, true).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4",
        "fake-a:token=1",
        "fake-a:tokens=x",
        "fake-a:tokens=-1",
        "fake-a:fail=maybe",
        "fake-a:fail=status",
        "fake-a:fail=no-stream-options",
        "fake-a:fail=399",
        "fake-a:fail=429,after=later",
        "fake-a:finish=never",
        "fake-a:text=verse",
        "fake-a:",
        ""
      })
  void doesNotKnowOtherModels(String model) throws Exception {
    assertThat(stream(model, false).statusCode()).isEqualTo(404);
  }

  @Test
  void listsModels() throws Exception {
    var response =
        http.send(
            HttpRequest.newBuilder(URI.create(standIn.baseUrl() + "/models")).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(JSON.readTree(response.body()).at("/data/0/id").asText()).isEqualTo("fake-a");
  }

  @Test
  void countsWhatItHasSeen() throws Exception {
    var before = standIn.stats();
    stream("fake-a:tokens=2,rate=0,first=0", false);
    var endless =
        http.sendAsync(
            request("fake-a:fail=hang", "\"stream\":true"), HttpResponse.BodyHandlers.ofString());
    await().until(() -> standIn.stats().running() == before.running() + 1);
    endless.cancel(true);

    await().until(() -> standIn.stats().cancelled() == before.cancelled() + 1);
    assertThat(standIn.stats().running()).isEqualTo(before.running());
    assertThat(standIn.stats().completed()).isEqualTo(before.completed() + 1);
    var stats =
        http.send(
            HttpRequest.newBuilder(standIn.baseUrl().resolve("/stats")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(JSON.readTree(stats.body()).path("requests").asLong())
        .isEqualTo(before.requests() + 2);
  }

  private static String text(Iterable<String> lines, String field) throws Exception {
    var text = new StringBuilder();
    for (var line : lines) {
      if (line.startsWith("data: {")) {
        text.append(JSON.readTree(line.substring(6)).at("/choices/0/delta/" + field).asText(""));
      }
    }
    return text.toString();
  }

  private static HttpResponse<String> stream(String model, boolean usage) throws Exception {
    return post(
        request(
            model,
            "\"stream\":true" + (usage ? ",\"stream_options\":{\"include_usage\":true}" : "")));
  }

  private static HttpRequest request(String model, String fields) {
    var body =
        "{\"model\":\""
            + model
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi 😀\"}],"
            + fields
            + "}";
    return HttpRequest.newBuilder(URI.create(standIn.baseUrl() + "/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> post(HttpRequest request) throws Exception {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
