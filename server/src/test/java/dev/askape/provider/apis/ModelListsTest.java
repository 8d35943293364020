package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.provider.ListedModel;
import dev.askape.provider.ProviderException;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The lists of models of the native dialects; OpenAI's has a test of its own.
class ModelListsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

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
  void readsAllPagesOfAnthropics() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.reply(
                200,
                "application/json",
                exchange.line().contains("after_id=b%2F2")
                    ? "{\"data\":[{\"id\":\"c\"}],\"has_more\":false,\"last_id\":\"c\"}"
                    : "{\"data\":[{\"id\":\"a\",\"display_name\":\"A\",\"max_input_tokens\":200},"
                        + "{\"id\":\"b/2\"}],\"has_more\":true,\"last_id\":\"b/2\"}"))) {
      assertThat(list(Wire.ANTHROPIC, upstream))
          .containsExactly(
              new ListedModel("a", Optional.of("A"), OptionalInt.of(200)),
              ListedModel.of("b/2"),
              ListedModel.of("c"));
      assertThat(upstream.requests())
          .extracting(FakeUpstream.Exchange::line)
          .containsExactly(
              "GET /v1/models?limit=1000 HTTP/1.1",
              "GET /v1/models?limit=1000&after_id=b%2F2 HTTP/1.1");
    }
  }

  @Test
  void readsAllPagesOfGeminis() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.reply(
                200,
                "application/json",
                exchange.line().contains("pageToken=t+1") || exchange.line().contains("t%201")
                    ? "{\"models\":[{\"name\":\"models/b\",\"displayName\":\"B\",\"inputTokenLimit\":9,"
                        + "\"supportedGenerationMethods\":[\"countTokens\",\"generateContent\"]}]}"
                    : "{\"models\":[{\"name\":\"models/e\","
                        + "\"supportedGenerationMethods\":[\"embedContent\"]}],"
                        + "\"nextPageToken\":\"t 1\"}"))) {
      assertThat(list(Wire.GEMINI, upstream))
          .containsExactly(new ListedModel("b", Optional.of("B"), OptionalInt.of(9)));
      assertThat(upstream.requests()).hasSize(2);
    }
  }

  @Test
  void readsOllamas() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.reply(
                200,
                "application/json",
                "{\"models\":[{\"name\":\"x:1\",\"model\":\"x:1\"},{\"name\":\"y\"},{\"size\":1}]}"))) {
      assertThat(list(Wire.OLLAMA, upstream))
          .containsExactly(ListedModel.of("x:1"), ListedModel.of("y"));
      assertThat(upstream.requests().getFirst().line()).isEqualTo("GET /v1/api/tags HTTP/1.1");
    }
  }

  @Test
  void doesNotTurnPagesForEver() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.reply(
                200,
                "application/json",
                "{\"models\":[{\"name\":\"models/x\"}],\"nextPageToken\":\""
                    + Integer.toHexString(exchange.line().hashCode())
                    + "\"}"))) {
      assertThat(list(Wire.GEMINI, upstream)).containsExactly(ListedModel.of("x"));
      assertThat(upstream.requests()).hasSizeBetween(2, 50);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoList(Wire wire) throws Exception {
    for (var body :
        List.of("", "<html>", "{}", "{\"data\":7,\"models\":7}", "[7]", "{\"models\":[7]}")) {
      try (var upstream = new FakeUpstream(exchange -> exchange.reply(200, "text/html", body))) {
        assertThatThrownBy(() -> list(wire, upstream)).isInstanceOf(ProviderException.class);
      }
    }
  }

  private static List<ListedModel> list(Wire wire, FakeUpstream upstream)
      throws InterruptedException {
    try (var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      return provider.listModels(PATIENCE);
    }
  }
}
