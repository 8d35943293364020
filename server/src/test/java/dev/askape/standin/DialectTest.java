package dev.askape.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.standin.Asked.Kind;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What each kind of provider's client gets to see.
class DialectTest {
  private static final String QUICK = ",rate=0,first=0";
  private static final String WISE = "fake-a:tokens=7,think=2,cached=3" + QUICK;

  private static Asked asked;

  @BeforeAll
  static void start() {
    asked = new Asked(Optional.of(Asked.KEY));
  }

  @AfterAll
  static void stop() {
    asked.close();
  }

  @ParameterizedTest
  @EnumSource
  void streamsReasoningAndText(Kind kind) throws Exception {
    var stream = asked.stream(kind, WISE);

    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(kind.text(stream.body())).isEqualTo(StandInText.answer(WISE));
    assertThat(kind.reasoning(stream.body())).isEqualTo(StandInText.reasoning(WISE));
  }

  @ParameterizedTest
  @EnumSource
  void streamsEveryCharacterAsItIs(Kind kind) throws Exception {
    var model = "fake-a:text=unicode,tokens=30" + QUICK;

    assertThat(kind.text(asked.stream(kind, model).body())).isEqualTo(StandInText.answer(model));
  }

  @Test
  void reportsUsageAsOpenAiDoes() throws Exception {
    var usage = last(Kind.OPENAI, WISE).path("usage");

    assertThat(usage.path("completion_tokens").asInt()).isEqualTo(9);
    assertThat(usage.path("prompt_tokens").asInt()).isGreaterThan(3);
    assertThat(usage.at("/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(3);
    assertThat(usage.at("/completion_tokens_details/reasoning_tokens").asInt()).isEqualTo(2);
  }

  @Test
  void reportsUsageAsAnthropicDoes() throws Exception {
    var events = Kind.ANTHROPIC.events(asked.stream(Kind.ANTHROPIC, WISE).body());
    var start = events.getFirst().at("/message/usage");

    assertThat(start.path("cache_read_input_tokens").asInt()).isEqualTo(3);
    assertThat(start.path("input_tokens").asInt()).isPositive();
    assertThat(events.get(events.size() - 2).at("/usage/output_tokens").asInt()).isEqualTo(9);
  }

  @Test
  void namesAndNestsItsEventsAsAnthropicDoes() throws Exception {
    var body = asked.stream(Kind.ANTHROPIC, "fake-a:tokens=1,think=1" + QUICK).body();

    assertThat(
            body.lines().filter(line -> line.startsWith("event: ")).map(line -> line.substring(7)))
        .containsExactly(
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_delta", // the signature
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    assertThat(Kind.ANTHROPIC.events(body))
        .filteredOn(event -> event.has("index"))
        .extracting(event -> event.path("index").asInt())
        .containsExactly(0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void reportsUsageAsGeminiDoes() throws Exception {
    var usage = last(Kind.GEMINI, WISE).path("usageMetadata");

    assertThat(usage.path("candidatesTokenCount").asInt()).isEqualTo(7);
    assertThat(usage.path("thoughtsTokenCount").asInt()).isEqualTo(2);
    assertThat(usage.path("cachedContentTokenCount").asInt()).isEqualTo(3);
    assertThat(usage.path("totalTokenCount").asInt())
        .isEqualTo(usage.path("promptTokenCount").asInt() + 9);
  }

  @Test
  void reportsUsageAsOllamaDoes() throws Exception {
    var line = last(Kind.OLLAMA, WISE);

    assertThat(line.path("done").asBoolean()).isTrue();
    assertThat(line.path("eval_count").asInt()).isEqualTo(9);
    assertThat(line.path("prompt_eval_count").asInt()).isGreaterThan(3);
  }

  @ParameterizedTest
  @EnumSource
  void reportsNoUsageWhenTheScriptSaysSo(Kind kind) throws Exception {
    var body = asked.stream(kind, "fake-a:tokens=1,usage=0" + QUICK).body();

    assertThat(body).doesNotContain("\"usage", "eval_count");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, stop, stop", "OPENAI, length, length", "OPENAI, filter, content_filter",
    "ANTHROPIC, stop, end_turn", "ANTHROPIC, length, max_tokens", "ANTHROPIC, filter, refusal",
    "GEMINI, stop, STOP", "GEMINI, length, MAX_TOKENS", "GEMINI, filter, SAFETY",
    "OLLAMA, stop, stop", "OLLAMA, length, length"
  })
  void callsTheFinishReasonWhatTheProviderCallsIt(Kind kind, String finish, String reason)
      throws Exception {
    var body = asked.stream(kind, "fake-a:tokens=1,finish=" + finish + QUICK).body();

    assertThat(body).contains("\"" + reason + "\"");
  }

  @ParameterizedTest
  @EnumSource
  void answersAsAWhole(Kind kind) throws Exception {
    var answer = asked.whole(kind, WISE);

    assertThat(
            answer.findValuesAsText(
                kind == Kind.OPENAI || kind == Kind.OLLAMA ? "content" : "text"))
        .contains(StandInText.answer(WISE));
  }

  @ParameterizedTest
  @EnumSource
  void showsWhatItWasAsked(Kind kind) throws Exception {
    var body = kind.text(asked.stream(kind, "fake-a:text=request" + QUICK).body());

    assertThat(Asked.json(body).findValuesAsText(kind == Kind.GEMINI ? "text" : "content"))
        .contains("hi 😀");
  }

  @ParameterizedTest
  @EnumSource
  void listsModels(Kind kind) throws Exception {
    var list = Asked.json(asked.models(kind, Asked.KEY).body());
    var first =
        switch (kind) {
          case OPENAI, ANTHROPIC -> list.at("/data/0/id").asText();
          case GEMINI, OLLAMA -> list.at("/models/0/name").asText();
        };

    assertThat(first).isEqualTo(kind == Kind.GEMINI ? "models/fake-a" : "fake-a");
  }

  @ParameterizedTest
  @CsvSource({"OPENAI, 401", "ANTHROPIC, 401", "GEMINI, 400", "OLLAMA, 401"})
  void wantsItsKey(Kind kind, int status) throws Exception {
    assertThat(asked.models(kind, "another").statusCode()).isEqualTo(status);
    assertThat(asked.models(kind, "").statusCode()).isBetween(401 - 1, 403).isNotEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, 429, /error/code, scripted",
    "ANTHROPIC, 429, /error/type, rate_limit_error",
    "ANTHROPIC, 529, /error/type, overloaded_error",
    "GEMINI, 429, /error/status, RESOURCE_EXHAUSTED",
    "GEMINI, 503, /error/status, UNAVAILABLE",
    "OLLAMA, 503, /error, scripted 503"
  })
  void refusesInItsOwnWords(Kind kind, int status, String pointer, String words) throws Exception {
    var refusal = asked.stream(kind, "fake-a:fail=" + status);

    assertThat(refusal.statusCode()).isEqualTo(status);
    assertThat(Asked.json(refusal.body()).at(pointer).asText()).isEqualTo(words);
  }

  @ParameterizedTest
  @EnumSource
  void tellsAnErrorInTheStream(Kind kind) throws Exception {
    var model = "fake-a:tokens=4,fail=error,code=529" + QUICK;
    var events = kind.events(asked.stream(kind, model).body());
    var text = String.join("", StandInText.fragments(model).subList(0, 2));

    assertThat(kind.text(asked.stream(kind, model).body())).isEqualTo(text);
    assertThat(events.getLast().has("error")).isTrue();
  }

  private static JsonNode last(Kind kind, String model) throws Exception {
    return kind.events(asked.stream(kind, model).body()).getLast();
  }
}
