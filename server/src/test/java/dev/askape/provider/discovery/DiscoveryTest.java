package dev.askape.provider.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.Model;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.http.EventLoops;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpRoute;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.provider.apis.Api;
import dev.askape.standin.StandInProvider;
import dev.askape.standin.StandInText;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiscoveryTest {
  private static final KnownProvider ONE = known("one", "ONE_KEY", "a/x", "a/y", "a/z", "a/w");
  private static final KnownProvider TWO = known("two", "TWO_KEY", "a/x", "b/y");

  private static EventLoops loops;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void start() {
    loops = EventLoops.start(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @AfterEach
  void close() throws Exception {
    for (var closeable : open) {
      closeable.close();
    }
  }

  @Test
  void offersTheDemoModelsWhenThereIsNothing() throws Exception {
    var found = discover(Map.of(), nobodyListens());

    assertThat(ids(found)).containsExactly("askape/demo-a", "askape/demo-b");
    assertThat(found.providers()).isEmpty();
    assertThat(String.join("\n", found.notes())).contains("demo models", "ONE_KEY", "Test Server");
  }

  @Test
  void offersTheModelsOfAProviderWithAKeyAndMakesThreeOfThemDefault() throws Exception {
    var found = discover(Map.of("ONE_KEY", "k", "TWO_KEY", "  "));

    assertThat(ids(found)).containsExactly("a/x", "a/y", "a/z", "a/w");
    assertThat(defaults(found)).containsExactly("a/x", "a/y", "a/z");
    assertThat(found.models()).extracting(Model::name).containsExactly("x", "y", "z", "w");
    assertThat(found.providers()).hasSize(1);
  }

  @Test
  void takesDefaultsFromTheProvidersInTurnAndKeepsIdsUnique() throws Exception {
    var found = discover(Map.of("ONE_KEY", "k", "TWO_KEY", "k"));

    assertThat(ids(found)).containsExactly("a/x", "a/y", "a/z", "a/w", "two/a/x", "b/y");
    assertThat(defaults(found)).containsExactly("a/x", "a/y", "two/a/x");
  }

  @Test
  void tellsAboutAKeyThatCannotBeOneWithoutPrintingIt() throws Exception {
    var found = discover(Map.of("ONE_KEY", "plänted"));

    assertThat(ids(found)).contains("askape/demo-a");
    assertThat(String.join("\n", found.notes()))
        .contains("ONE_KEY is not used")
        .doesNotContain("plänted");
  }

  @Test
  void offersEveryModelOfAServerOnLoopbackAndCanAskIt() throws Exception {
    var standIn = StandInProvider.start(loops, "127.0.0.1", 0);
    open.add(standIn);
    var found = discover(Map.of(), standIn.baseUrl());

    assertThat(ids(found)).containsExactly("fake-a", "fake-b", "fake-c");
    assertThat(found.models()).extracting(Model::provider).containsOnly("server0");
    var said = new StringBuilder();
    var outcome = found.models().getFirst().language().answer(prompt(), appendingTo(said));
    assertThat(outcome).isInstanceOf(Outcome.Finished.class);
    assertThat(said.toString()).isEqualTo(StandInText.answer("fake-a"));
  }

  @ParameterizedTest
  @CsvSource({"ANTHROPIC,/v1", "GEMINI,/v1beta"})
  void asksAProviderWithAnApiOfItsOwnWhatItHasAndCanAskIt(Api api, String path) throws Exception {
    var standIn = StandInProvider.start(loops, "127.0.0.1", 0);
    open.add(standIn);
    var known =
        new KnownProvider("own", "Own", "OWN_KEY", api, standIn.baseUrl().resolve(path), List.of());
    var found =
        new Discovery(List.of(known), List.of(), loops.loops()).discover(Map.of("OWN_KEY", "k"));
    open.addAll(found.providers());

    assertThat(ids(found)).containsExactly("fake-a", "fake-b", "fake-c");
    assertThat(found.notes()).containsExactly("Own (OWN_KEY): 3 models");
    var said = new StringBuilder();
    assertThat(found.models().getFirst().language().answer(prompt(), appendingTo(said)))
        .isInstanceOf(Outcome.Finished.class);
    assertThat(said.toString()).isEqualTo(StandInText.answer("fake-a"));
  }

  @Test
  void saysThatAProviderDidNotSayWhatItHasAndGoesOn() throws Exception {
    var known =
        new KnownProvider("own", "Own", "OWN_KEY", Api.ANTHROPIC, nobodyListens(), List.of());
    var found =
        new Discovery(List.of(known, ONE), List.of(), loops.loops())
            .discover(Map.of("OWN_KEY", "planted-0123", "ONE_KEY", "k"));
    open.addAll(found.providers());

    assertThat(ids(found)).containsExactly("a/x", "a/y", "a/z", "a/w");
    assertThat(found.notes().getFirst()).startsWith("Own (OWN_KEY) gave no list of models");
    assertThat(String.join("\n", found.notes())).doesNotContain("planted");
  }

  @Test
  void ignoresServersThatAreNoModelServers() throws Exception {
    var page = serving("<html>hello</html>");
    var notJustAnyJson = serving("{\"data\": \"x\"}");
    var found = discover(Map.of(), page, notJustAnyJson, nobodyListens());

    assertThat(ids(found)).contains("askape/demo-a");
  }

  @Test
  void tellsAboutAServerWithoutModels() throws Exception {
    var found = discover(Map.of(), serving("{\"object\": \"list\", \"data\": []}"));

    assertThat(ids(found)).contains("askape/demo-a");
    assertThat(found.notes().getFirst()).contains("has no model yet");
    assertThat(found.notes().get(1)).startsWith("No models were found: two demo models answer");
  }

  @Test
  void doesNotMakeAnEmbeddingModelDefaultBesideOthers() throws Exception {
    var found =
        discover(
            Map.of(), serving("{\"data\": [{\"id\": \"nomic-embed-text\"}, {\"id\": \"m\"}]}"));

    assertThat(ids(found)).containsExactly("nomic-embed-text", "m");
    assertThat(defaults(found)).containsExactly("m");
  }

  @Test
  void knowsTheContractsExample() {
    assertThat(WellKnownProviders.PROVIDERS.getFirst().key()).isEqualTo("HF_TOKEN");
    assertThat(WellKnownProviders.PROVIDERS.getFirst().models())
        .contains("deepseek-ai/DeepSeek-V3");
  }

  private Discovered discover(Map<String, String> environment, URI... servers)
      throws InterruptedException {
    var listening = new ArrayList<LoopbackServer>();
    for (int i = 0; i < servers.length; i++) {
      listening.add(new LoopbackServer("server" + i, "Test Server", servers[i]));
    }
    var discovery = new Discovery(List.of(ONE, TWO), listening, loops.loops());
    var found = discovery.discover(environment);
    open.addAll(found.providers());
    return found;
  }

  private URI serving(String body) {
    var reply = HttpReply.json(200, body.getBytes(StandardCharsets.UTF_8));
    var server =
        HttpServer.start(
            HttpSettings.defaults().withAddress("127.0.0.1", 0),
            loops,
            List.of(HttpRoute.exact("/v1/models", exchange -> exchange.reply(reply))));
    open.add(server);
    return URI.create("http://127.0.0.1:" + server.port() + "/v1");
  }

  private static URI nobodyListens() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
    }
  }

  private static KnownProvider known(String name, String key, String... models) {
    return new KnownProvider(
        name, name, key, Api.OPENAI, URI.create("http://127.0.0.1:1/v1"), List.of(models));
  }

  private static List<String> ids(Discovered found) {
    return found.models().stream().map(model -> model.id().value()).toList();
  }

  private static List<String> defaults(Discovered found) {
    return found.models().stream()
        .filter(Model::isDefault)
        .map(model -> model.id().value())
        .toList();
  }

  private static Prompt prompt() {
    return new Prompt(
        List.of(new Prompt.Message(Prompt.Role.USER, "hi")), ModelParameters.DEFAULTS);
  }

  private static AnswerSink appendingTo(StringBuilder said) {
    return new AnswerSink() {
      @Override
      public boolean text(String fragment) {
        said.append(fragment);
        return true;
      }

      @Override
      public boolean thinking(String fragment) {
        return true;
      }
    };
  }
}
