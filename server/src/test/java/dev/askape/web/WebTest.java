package dev.askape.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.chat.Asker;
import dev.askape.chat.Chat;
import dev.askape.chat.ChatSettings;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Models;
import dev.askape.chat.Money;
import dev.askape.chat.MovedClock;
import dev.askape.chat.Outcome;
import dev.askape.chat.Party;
import dev.askape.chat.Post;
import dev.askape.chat.PostResult;
import dev.askape.chat.Price;
import dev.askape.chat.Quiet;
import dev.askape.chat.SessionId;
import dev.askape.chat.TestBudgets;
import dev.askape.chat.Waiting;
import dev.askape.chat.WatchedStore;
import dev.askape.http.EventLoops;
import dev.askape.http.HttpRoute;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page and the routes, asked over HTTP.
class WebTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOSTILE = "<script>alert(\"'&\")</script>{{models}}{{version}}";

  /// Billionths for a million tokens.
  private static final Price PRICE =
      new Price(
          new Money(150_000_000), new Money(2_000_000_000), Optional.of(new Money(75_000_000)));

  private static final ChatSettings SETTINGS =
      TestBudgets.guestsMayUse(100_000, Optional.of(new Money(1_000_000_000)));
  private static final EventLoops LOOPS = EventLoops.start(1);
  private static final WatchedStore STORE =
      new WatchedStore(SqliteStore.open(SqliteSettings.memory()));
  private static final Models MODELS =
      new Models(List.of(model("maker/m", "M", true), model(HOSTILE, HOSTILE, false)), List.of());
  private static final Chat CHAT =
      new Chat(STORE, MODELS, String::length, SETTINGS, new MovedClock());
  private static final Rest REST = new Rest(CHAT, "1.2<3", new MovedClock());
  private static final HttpServer SERVER = start();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Model model(String id, String name, boolean isDefault) {
    var model =
        new Model(
            new ModelId(id),
            name,
            "a \"provider\"",
            isDefault,
            OptionalInt.of(4_096),
            Optional.empty(),
            ModelParameters.DEFAULTS,
            (_, sink) -> {
              sink.text("Hi");
              return new Outcome.Finished(FinishReason.STOP, Optional.empty());
            },
            () -> isDefault);
    return isDefault ? model.with(Optional.of(PRICE), Optional.empty()) : model;
  }

  private static HttpServer start() {
    var routes = new ArrayList<HttpRoute>(REST.routes());
    routes.add(new StatusPage(MODELS, "1.2<3").route());
    return HttpServer.start(HttpSettings.defaults().withAddress("127.0.0.1", 0), LOOPS, routes);
  }

  @BeforeAll
  static void saySomething() {
    post("annas", new Party.User("anna"), "of Anna");
    post("guests", new Party.Guest("guest_1"), "of a guest");
  }

  private static void post(String session, Party who, String content) {
    var post =
        new Post(
            new SessionId(session),
            new Asker(who),
            "origin",
            content,
            List.of(new ModelId("maker/m")),
            Optional.empty());
    var turn = ((PostResult.Accepted) CHAT.post(post)).turn();
    Waiting.soon().until(turn::isOver);
  }

  @AfterAll
  static void close() {
    CLIENT.close();
    SERVER.close();
    REST.close();
    LOOPS.close();
    CHAT.close();
    STORE.close();
  }

  private static HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + SERVER.port() + path);
    var request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private static JsonNode json(String method, String path, int status) throws Exception {
    var response = ask(method, path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    var body = JSON.readTree(response.body());
    assertThat(body.get("success").booleanValue()).isEqualTo(status == 200);
    assertThat(body.has("error")).isEqualTo(status != 200);
    return body;
  }

  @Test
  void showsModelsOnThePageWithNothingOfTheirNamesAsMarkup() throws Exception {
    var response = ask("GET", "/");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("&lt;script&gt;alert(&quot;&#39;&amp;&quot;)&lt;/script&gt;{{models}}")
        .contains("a &quot;provider&quot;")
        .contains("<small>1.2&lt;3</small>")
        .contains("<code>maker/m</code>")
        .doesNotContain("<script");
    assertThat(response.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @Test
  void allowsItsOwnStyleAndNothingElse() throws Exception {
    var response = ask("GET", "/");
    var style = between(response.body(), "<style>", "</style>");
    var digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8));
    var hash = Base64.getEncoder().encodeToString(digest);

    assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none';")
        .contains("style-src 'sha256-" + hash + "'")
        .contains("base-uri 'none'")
        .contains("form-action 'none'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(response.body()).doesNotContain("style=").doesNotContain("onclick");
  }

  private static String between(String text, String from, String to) {
    return text.substring(text.indexOf(from) + from.length(), text.indexOf(to));
  }

  @Test
  void saysThatItIsHealthyAndNothingMore() throws Exception {
    var body = json("GET", "/api/health", 200);

    assertThat(body.get("status").textValue()).isEqualTo("healthy");
    assertThat(body.get("timestamp").textValue()).isEqualTo("2026-11-24T10:00:00.000Z");
    assertThat(body.get("database").textValue()).isEqualTo("embedded");
    assertThat(body.get("realtime").textValue()).isEqualTo("socket.io");
    assertThat(body).hasSize(6);
  }

  @Test
  void listsModels() throws Exception {
    var models = json("GET", "/api/models", 200).get("models");

    assertThat(models).hasSize(2);
    assertThat(models.get(0).toString())
        .isEqualTo(
            "{\"id\":\"maker/m\",\"name\":\"M\",\"provider\":\"a \\\"provider\\\"\","
                + "\"isDefault\":true,\"available\":true,\"contextWindow\":4096,"
                + "\"price\":{\"prompt\":0.15,\"completion\":2,\"cached\":0.075}}");
    assertThat(models.get(1).has("price")).isFalse();
    assertThat(models.get(1).get("name").textValue()).isEqualTo(HOSTILE);
    assertThat(models.get(1).get("available").booleanValue()).isFalse();
  }

  @Test
  void listsSomebodysSessions() throws Exception {
    var body = json("GET", "/api/chat/sessions?userId=anna", 200);
    assertThat(body.get("count").intValue()).isEqualTo(1);
    var session = body.get("sessions").get(0);
    assertThat(session.get("sessionId").textValue()).isEqualTo("annas");
    assertThat(session.get("title").textValue()).isEqualTo("of Anna");
    assertThat(session.get("messageCount").intValue()).isEqualTo(2);

    assertThat(json("GET", "/api/chat/sessions?guestId=anna", 200).get("count").intValue())
        .isZero();
    assertThat(
            json("GET", "/api/chat/sessions?userId=anna&guestId=guest_1", 200)
                .get("count")
                .intValue())
        .isEqualTo(2);
  }

  @Test
  void showsAHistory() throws Exception {
    var body = json("GET", "/api/chat/history/annas?userId=anna", 200);

    assertThat(body.get("messageCount").intValue()).isEqualTo(2);
    assertThat(body.get("session").get("ownerId").textValue()).isEqualTo("anna");
    assertThat(body.get("messages").get(0).get("content").textValue()).isEqualTo("of Anna");
    assertThat(body.get("messages").get(1).get("aiResponses").get(0).get("content").textValue())
        .isEqualTo("Hi");
    assertThat(body.get("hasMore").booleanValue()).isFalse();
  }

  @Test
  void showsAHistoryToWhoNamesNobodyButNotTheGuestsId() throws Exception {
    var response = ask("GET", "/api/chat/history/guests");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("of a guest").doesNotContain("guest_1");

    var hisOwn = json("GET", "/api/chat/history/guests?guestId=guest_1", 200);
    assertThat(hisOwn.get("session").get("ownerId").textValue()).isEqualTo("guest_1");
  }

  @Test
  void showsPagesOfAHistory() throws Exception {
    post("long", new Party.User("dora"), "one");
    post("long", new Party.User("dora"), "two");

    var newest = json("GET", "/api/chat/history/long?userId=dora&limit=2", 200);
    assertThat(newest.get("messages")).hasSize(2);
    assertThat(newest.get("messages").get(0).get("content").textValue()).isEqualTo("two");
    assertThat(newest.get("hasMore").booleanValue()).isTrue();
    var before = newest.get("messages").get(0).get("id").textValue();
    var older = json("GET", "/api/chat/history/long?userId=dora&before=" + before, 200);
    assertThat(older.get("messages").get(0).get("content").textValue()).isEqualTo("one");
    assertThat(older.get("hasMore").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/chat/history/annas?userId=bert",
    "GET, /api/chat/history/none?userId=bert",
    "GET, /api/chat/history/none",
    "DELETE, /api/chat/sessions/annas?guestId=anna",
    "DELETE, /api/chat/sessions/none?guestId=anna",
    "DELETE, /api/chat/sessions/none",
    "GET, /api/nothing",
  })
  void answersAlikeForWhatIsNotYoursAndWhatIsNotThere(String method, String path) throws Exception {
    assertThat(json(method, path, 404).toString())
        .isEqualTo("{\"success\":false,\"error\":\"Not found.\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/chat/sessions, 400",
    "GET, /api/chat/sessions?userId=a%20b, 400",
    "GET, /api/chat/sessions?userId=anna&limit=0, 400",
    "GET, /api/chat/sessions?userId=anna&before=yesterday, 400",
    "GET, /api/chat/history/, 400",
    "GET, /api/chat/history/a%2Fb, 400",
    "GET, /api/chat/history/annas?limit=x, 400",
    "DELETE, /api/chat/sessions/%00, 400",
    "POST, /api/health, 405",
    "PUT, /api/chat/history/annas, 405",
    "GET, /api/chat/sessions/annas, 405",
    "POST, /api/nothing, 404",
    "POST, /, 405",
  })
  void saysWhatIsWrong(String method, String path, int status) throws Exception {
    json(method, path, status);
  }

  @Test
  void deletesASession() throws Exception {
    post("short-lived", new Party.User("carl"), "soon gone");

    json("DELETE", "/api/chat/sessions/short-lived?userId=carl", 200);
    json("GET", "/api/chat/history/short-lived?userId=carl", 404);
  }

  @Test
  void answersAlsoWhenTheStoreFails() throws Exception {
    try (var _ = new Quiet("dev.askape.web")) {
      STORE.fail(WatchedStore.Call.FIND_SESSION, 1);
      var body = json("GET", "/api/chat/history/unknown?userId=anna", 500);

      assertThat(body.get("error").textValue())
          .matches("Something went wrong on the server \\(e_[0-9a-f]{16}\\)\\.");
    }
  }

  @Test
  void tellsWhatSomebodyHasUsed() throws Exception {
    var body = json("GET", "/api/usage?userId=anna", 200);

    // "of Anna", seven characters, and "Hi"
    assertThat(body.toString())
        .isEqualTo(
            "{\"success\":true,\"totalTokensUsed\":9,\"promptTokens\":7,\"completionTokens\":2,"
                + "\"cost\":5.05E-6,\"answers\":1}");
    assertThat(json("GET", "/api/usage?userId=nobody", 200).get("totalTokensUsed").intValue())
        .isZero();
    assertThat(json("GET", "/api/usage", 400).get("success").booleanValue()).isFalse();
    assertThat(json("POST", "/api/usage", 405).get("success").booleanValue()).isFalse();
  }

  @Test
  void tellsHowThatStandsToABudget() throws Exception {
    var budget = json("GET", "/api/usage?guestId=guest_1", 200).get("budget");

    assertThat(budget.get("per").textValue()).isEqualTo("day");
    assertThat(budget.get("tokens").toString())
        .isEqualTo("{\"limit\":100000,\"used\":12,\"left\":99988}");
    assertThat(budget.get("money").get("left").decimalValue()).isEqualByComparingTo("0.9999945");
    assertThat(budget.get("resetsAt").textValue()).endsWith("T00:00:00.000Z");
  }

  @Test
  void tellsWhatASessionHasUsedToWhoMayReachIt() throws Exception {
    assertThat(
            json("GET", "/api/usage?userId=anna&sessionId=annas", 200)
                .get("totalTokensUsed")
                .intValue())
        .isEqualTo(9);
    json("GET", "/api/usage?userId=bert&sessionId=annas", 404);
    json("GET", "/api/usage?userId=anna&sessionId=none", 404);
    json("GET", "/api/usage?userId=anna&sessionId=a%20b", 400);
  }
}
