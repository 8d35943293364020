package dev.askape.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.chat.ErrorType;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Money;
import dev.askape.chat.Outcome;
import dev.askape.chat.Price;
import dev.askape.chat.Prompt;
import dev.askape.provider.ListedModel;
import dev.askape.provider.ProviderException;
import dev.askape.provider.Secret;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.HttpProvider;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is sent, how connections are used, and what else a provider can be asked.
class OpenAiProviderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANSWER =
      """
      data: {"choices":[{"delta":{"content":"Hello"},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  private static Loops loops;

  @BeforeAll
  static void start() {
    loops = new Loops();
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @Test
  void sendsThePromptTheParametersAndTheKey() throws Exception {
    var prompt =
        new Prompt(
            List.of(
                new Prompt.Message(Prompt.Role.SYSTEM, "Be \"short\"."),
                new Prompt.Message(Prompt.Role.USER, "héllo 😀 \ud83d"),
                new Prompt.Message(Prompt.Role.ASSISTANT, "hi")),
            new ModelParameters(
                OptionalDouble.of(0.5), OptionalInt.of(100), List.of("END"), Optional.of("low")));
    try (var upstream = answering();
        var provider =
            OpenAi.provider(
                EndpointSettings.of(
                        "test",
                        URI.create(upstream.base() + "/"),
                        Optional.of(new Secret("  my-key\n")))
                    .withHeaders(Map.of("X-Title", "AskApe")),
                loops.all())) {
      Asking.ask(provider, "a/b", prompt, new RecordingSink());

      var request = upstream.requests().getFirst();
      assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
      assertThat(request.headers())
          .containsEntry("authorization", "Bearer my-key")
          .containsEntry("content-type", "application/json")
          .containsEntry("x-title", "AskApe");
      assertThat(JSON.readTree(request.body()))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"model": "a/b", "messages": [
                     {"role": "system", "content": "Be \\"short\\"."},
                     {"role": "user", "content": "héllo 😀 \ufffd"},
                     {"role": "assistant", "content": "hi"}],
                   "stream": true, "stream_options": {"include_usage": true},
                   "temperature": 0.5, "max_tokens": 100, "stop": ["END"],
                   "reasoning_effort": "low"}
                  """));
    }
  }

  @Test
  void asksAgainWithoutStreamOptionsWhereTheyAreRefusedAndRemembersIt() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              if (exchange.body().contains("stream_options")) {
                exchange.reply(400, "application/json", "{\"error\":\"stream_options?\"}");
              } else {
                answer(exchange);
              }
            });
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertFinishes(provider, "a");
      assertThat(upstream.requests()).hasSize(2);

      assertFinishes(provider, "b");
      assertThat(upstream.requests()).hasSize(3);
    }
  }

  @Test
  void namesTheTokenLimitAsTheModelWantsIt() throws Exception {
    var prompt =
        new Prompt(
            Asking.PROMPT.messages(),
            new ModelParameters(
                OptionalDouble.empty(), OptionalInt.of(7), List.of(), Optional.empty()));
    try (var upstream =
            new FakeUpstream(exchange -> {
              if (exchange.body().contains("\"max_tokens\"")) {
                exchange.reply(
                    400,
                    "application/json",
                    "{\"error\":\"'max_tokens' is not supported, use 'max_completion_tokens'\"}");
              } else {
                answer(exchange);
              }
            });
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThat(Asking.ask(provider, "m", prompt, new RecordingSink()))
          .isInstanceOf(Outcome.Finished.class);
      assertThat(upstream.requests().getLast().body()).contains("\"max_completion_tokens\":7");
    }
  }

  @Test
  void givesUpWhenARefusalStaysTheSame() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange ->
                exchange.reply(400, "text/plain", "stream_options, max_completion_tokens: no"));
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThat(Asking.ask(provider, "m", Asking.PROMPT, new RecordingSink()))
          .isInstanceOf(Outcome.Failed.class);
      assertThat(upstream.requests()).hasSize(3);
    }
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    try (var upstream = answering();
        var provider =
            OpenAi.provider(Asking.settings(upstream.base()), loops.all().subList(0, 1))) {
      for (int i = 0; i < 20; i++) {
        assertFinishes(provider, "m");
      }

      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void runsManyStreamsAtOnceOnAllEventLoops() throws Exception {
    int count = 300;
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.startChunked();
              for (int i = 0; i < 20; i++) {
                exchange.chunk(
                    "data: {\"choices\":[{\"delta\":{\"content\":\"" + i + " \"}}]}\n\n");
              }
              exchange.chunk(ANSWER);
              exchange.endChunks();
            });
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      var sinks = new ArrayList<RecordingSink>();
      var askings = new ArrayList<Asking>();
      for (int i = 0; i < count; i++) {
        sinks.add(new RecordingSink());
        askings.add(Asking.start(provider, "m", sinks.get(i)));
      }

      assertThat(askings)
          .allSatisfy(asking ->
              assertThat(asking.outcome().get(20, TimeUnit.SECONDS))
                  .isInstanceOf(Outcome.Finished.class));
      var expected =
          IntStream.range(0, 20).mapToObj(i -> i + " ").collect(Collectors.joining()) + "Hello";
      assertThat(sinks).allSatisfy(sink -> assertThat(sink.said()).isEqualTo(expected));
      Set<Thread> threads =
          sinks.stream().flatMap(sink -> sink.threads.stream()).collect(Collectors.toSet());
      assertThat(threads).hasSize(2);
    }
  }

  @Test
  void readsPricesAndWindowsAsOpenRouterAndTheRouterOfHuggingFaceHaveThem() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange ->
                exchange.reply(
                    200,
                    "application/json",
                    """
                    {"data": [
                      {"id": "or", "pricing": {"prompt": "0.0000005", "completion": "0.0000015",
                        "input_cache_read": "0.00000005", "request": "0"}},
                      {"id": "free", "pricing": {"prompt": "0", "completion": 0}},
                      {"id": "unknown", "pricing": {"prompt": "-1", "completion": "-1"}},
                      {"id": "half", "pricing": {"prompt": "0.1", "completion": null}},
                      {"id": "hf", "providers": [
                        {"provider": "p", "context_length": 9, "pricing": {"input": 0.25, "output": 1.25}},
                        {"provider": "q", "context_length": 8, "pricing": {"input": 0.9, "output": 1}}]},
                      {"id": "hf-half", "providers": [
                        {"provider": "p", "pricing": {"input": 0.25, "output": 1.25}}, {"provider": "q"}]}]}
                    """));
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThat(provider.listModels(Duration.ofSeconds(10)))
          .containsExactly(
              priced("or", OptionalInt.empty(), price("0.5", "1.5", Optional.of("0.05"))),
              priced("free", OptionalInt.empty(), price("0", "0", Optional.empty())),
              ListedModel.of("unknown"),
              ListedModel.of("half"),
              priced("hf", OptionalInt.of(8), price("0.9", "1.25", Optional.empty())),
              ListedModel.of("hf-half"));
    }
  }

  private static ListedModel priced(String id, OptionalInt window, Price price) {
    return new ListedModel(id, Optional.empty(), window, Optional.of(price));
  }

  private static Price price(String prompt, String completion, Optional<String> cached) {
    return new Price(money(prompt), money(completion), cached.map(OpenAiProviderTest::money));
  }

  private static Money money(String amount) {
    return Money.of(new BigDecimal(amount));
  }

  @Test
  void listsModels() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange ->
                exchange.reply(
                    200,
                    "application/json",
                    """
                    {"object": "list", "data": [
                      {"id": "a/b", "name": "AB", "context_length": 4096}, {"id": "c", "max_model_len": 8},
                      {"id": "a/b"}, {"id": ""}, {"id": 7}, {"id": "bad\\u0000"}, null,
                      {"id": "d", "meta": {"n_ctx_train": 512}}, {"id": "e"}]}
                    """));
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThat(provider.listModels(Duration.ofSeconds(10)))
          .containsExactly(
              new ListedModel("a/b", Optional.of("AB"), OptionalInt.of(4096)),
              new ListedModel("c", Optional.empty(), OptionalInt.of(8)),
              new ListedModel("d", Optional.empty(), OptionalInt.of(512)),
              ListedModel.of("e"));
      assertThat(upstream.requests().getFirst().line()).isEqualTo("GET /v1/models HTTP/1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>", "{}", "{\"data\": 7}", "{\"data\": [7]}", "\"x\"", "[[[", "null"})
  void refusesWhatIsNoListOfModels(String body) throws Exception {
    try (var upstream = new FakeUpstream(exchange -> exchange.reply(200, "text/html", body));
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThatThrownBy(() -> provider.listModels(Duration.ofSeconds(10)))
          .isInstanceOf(ProviderException.class);
    }
  }

  @Test
  void tellsWhyModelsCannotBeListed() throws Exception {
    try (var upstream =
            new FakeUpstream(
                exchange -> exchange.reply(401, "text/plain", "planted.key.0123456789"));
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThatThrownBy(() -> provider.listModels(Duration.ofSeconds(10)))
          .isInstanceOfSatisfying(
              ProviderException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.UNAUTHORIZED))
          .hasMessageNotContaining("planted");
    }
  }

  @Test
  void doesNotWaitLongForAListOfModels() throws Exception {
    try (var upstream = new FakeUpstream(FakeUpstream.Exchange::isClosedByClient);
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThatThrownBy(() -> provider.listModels(Duration.ofMillis(50)))
          .isInstanceOfSatisfying(
              ProviderException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.TIMEOUT));
    }
  }

  @Test
  void refusesAnEndlessListOfModels() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.write("HTTP/1.1 200 X\r\nConnection: close\r\n\r\n[");
              while (true) {
                exchange.write("{\"id\": \"x\"},".repeat(10_000));
              }
            });
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      assertThatThrownBy(() -> provider.listModels(Duration.ofSeconds(10)))
          .isInstanceOfSatisfying(
              ProviderException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.TOO_LARGE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/v1",
        "http:///v1",
        "host",
        "http://user@host/v1",
        "http://host/v1?k=v",
        "http://h/#a"
      })
  void refusesAWrongBaseUrl(String url) {
    assertThatThrownBy(() -> EndpointSettings.of("test", URI.create(url), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void printsNeitherKeyNorHeaderValues() {
    var settings =
        EndpointSettings.of(
                "test", URI.create("http://host/v1"), Optional.of(new Secret("planted")))
            .withHeaders(Map.of("X-Key", "planted"));

    assertThat(settings.toString()).contains("http://host/v1").doesNotContain("planted");
  }

  @Test
  void asksNobodyOnceItIsClosed() throws Exception {
    try (var upstream = answering()) {
      var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all());
      provider.close();

      assertThat(Asking.ask(provider, "m", Asking.PROMPT, new RecordingSink()))
          .isInstanceOf(Outcome.Failed.class);
      assertThat(upstream.connections()).isZero();
    }
  }

  private static void assertFinishes(HttpProvider provider, String model) throws Exception {
    assertThat(Asking.ask(provider, model, Asking.PROMPT, new RecordingSink()))
        .isInstanceOf(Outcome.Finished.class);
  }

  private static FakeUpstream answering() {
    return new FakeUpstream(OpenAiProviderTest::answer);
  }

  /// In one write, so that the end of the answer and the end of the response arrive together.
  private static void answer(FakeUpstream.Exchange exchange) throws IOException {
    exchange.reply(200, "text/event-stream", ANSWER);
  }
}
