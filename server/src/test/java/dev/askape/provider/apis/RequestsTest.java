package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.chat.Prompt.Role;
import dev.askape.provider.CallOptions;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is sent in the native dialects; OpenAI's has a test of its own.
class RequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Prompt.Message> TALK =
      List.of(
          new Prompt.Message(Role.SYSTEM, "Be short."),
          new Prompt.Message(Role.USER, "one"),
          new Prompt.Message(Role.USER, "two \ud83d"),
          new Prompt.Message(Role.ASSISTANT, " "),
          new Prompt.Message(Role.SYSTEM, "Be kind."),
          new Prompt.Message(Role.ASSISTANT, "yes"),
          new Prompt.Message(Role.USER, "three"));

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
  void asksAnthropic() throws Exception {
    var request = sent(Wire.ANTHROPIC, parameters(0.5, 100, ""), CallOptions.DEFAULTS);

    assertThat(request.headers()).containsEntry("anthropic-version", "2023-06-01");
    assertThat(JSON.readTree(request.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"model": "a/m", "max_tokens": 100, "system": "Be short.\\n\\nBe kind.",
                 "messages": [{"role": "user", "content": "one\\n\\ntwo \ufffd"},
                   {"role": "assistant", "content": "yes"}, {"role": "user", "content": "three"}],
                 "stream": true, "stop_sequences": ["END"], "temperature": 0.5}
                """));
  }

  /// `-1`: not configured; the budget is `-1` where there must be no thinking.
  @ParameterizedTest
  @CsvSource({
    "-1,'',8192,-1",
    "-1,low,10240,2048",
    "-1,high,32768,24576",
    "-1,none,8192,-1",
    "-1,5000,13192,5000",
    "-1,100,9216,1024",
    "100000,medium,100000,8192",
    "8000,high,8000,4000",
    "1500,low,1500,1024",
    "1024,low,1024,-1",
    "100,high,100,-1"
  })
  void leavesRoomForTheAnswerBesideTheThinking(int max, String effort, int sent, int budget)
      throws Exception {
    var body = body(sent(Wire.ANTHROPIC, parameters(0.5, max, effort), CallOptions.DEFAULTS));

    assertThat(body.path("max_tokens").intValue()).isEqualTo(sent);
    assertThat(body.path("thinking").path("budget_tokens").asInt(-1)).isEqualTo(budget);
    assertThat(body.has("temperature")).isEqualTo(budget < 0);
  }

  @Test
  void tellsANewerAnthropicModelHowMuchToThinkInItsOwnWay() throws Exception {
    var requests =
        refusing(
            Wire.ANTHROPIC, "\"enabled\"", "use thinking.type.adaptive and output_config.effort");

    assertThat(requests).hasSize(3);
    var body = body(requests.getLast());
    assertThat(body.path("thinking").path("type").textValue()).isEqualTo("adaptive");
    assertThat(body.path("output_config").path("effort").textValue()).isEqualTo("high");
  }

  @Test
  void asksGemini() throws Exception {
    var request = sent(Wire.GEMINI, parameters(0.5, 100, "low"), CallOptions.DEFAULTS);

    assertThat(JSON.readTree(request.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"systemInstruction": {"parts": [{"text": "Be short.\\n\\nBe kind."}]},
                 "contents": [
                   {"role": "user", "parts": [{"text": "one\\n\\ntwo \ufffd"}]},
                   {"role": "model", "parts": [{"text": "yes"}]},
                   {"role": "user", "parts": [{"text": "three"}]}],
                 "generationConfig": {"temperature": 0.5, "maxOutputTokens": 100,
                   "stopSequences": ["END"],
                   "thinkingConfig": {"includeThoughts": true, "thinkingBudget": 50}}}
                """));
    var without = body(sent(Wire.GEMINI, parameters(0.5, 100, ""), CallOptions.DEFAULTS));
    assertThat(without.path("generationConfig").has("thinkingConfig")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemini-2.5-flash|/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
        "models/x|/v1/models/x:streamGenerateContent?alt=sse",
        "tunedModels/x|/v1/tunedModels/x:streamGenerateContent?alt=sse",
        "../../x?key=1#|/v1/models/..%2F..%2Fx%3Fkey%3D1%23:streamGenerateContent?alt=sse",
        "a b%2Fé|/v1/models/a%20b%252F%C3%A9:streamGenerateContent?alt=sse"
      })
  void putsNothingButAModelIntoTheUrl(String model, String path) throws Exception {
    try (var upstream = answering(Wire.GEMINI);
        var provider = Api.GEMINI.open(Asking.settings(upstream.base()), loops.all())) {
      provider
          .upstream(model, CallOptions.DEFAULTS)
          .ask(Asking.PROMPT, new RecordingSink(), soon());

      assertThat(upstream.requests().getFirst().line()).isEqualTo("POST " + path + " HTTP/1.1");
    }
  }

  @Test
  void asksOllama() throws Exception {
    var options = CallOptions.DEFAULTS.withContextWindow(OptionalInt.of(4_096));
    var request = sent(Wire.OLLAMA, parameters(0.5, 100, "low"), options);

    assertThat(JSON.readTree(request.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"model": "a/m", "messages": [
                   {"role": "system", "content": "Be short."}, {"role": "user", "content": "one"},
                   {"role": "user", "content": "two \ufffd"}, {"role": "assistant", "content": " "},
                   {"role": "system", "content": "Be kind."},
                   {"role": "assistant", "content": "yes"}, {"role": "user", "content": "three"}],
                 "stream": true, "think": "low",
                 "options": {"temperature": 0.5, "num_predict": 100, "stop": ["END"],
                   "num_ctx": 4096}}
                """));
  }

  @Test
  void tellsAnOllamaModelToThinkAsItTakesIt() throws Exception {
    var switched = refusing(Wire.OLLAMA, "\"high\"", "think value \\\"high\\\" is not supported");
    assertThat(switched).hasSize(3);
    assertThat(body(switched.getLast()).path("think").isBoolean()).isTrue();

    var silent = refusing(Wire.OLLAMA, "\"think\"", "\\\"m\\\" does not support thinking");
    assertThat(silent).hasSize(3);
    assertThat(body(silent.getLast()).has("think")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC,/v1/messages",
    "GEMINI,/v1beta/models/a%2Fm:streamGenerateContent?alt=sse",
    "OLLAMA,/api/chat",
    "OPENAI,/chat/completions"
  })
  void knowsTheUsualPathOfABaseUrlWithoutOne(Wire wire, String path) throws Exception {
    try (var upstream = answering(wire)) {
      var base = URI.create("http://127.0.0.1:" + upstream.base().getPort() + "/");
      new Calls(loops, wire).ask(Asking.settings(base), CallOptions.DEFAULTS);

      assertThat(upstream.requests().getFirst().line()).isEqualTo("POST " + path + " HTTP/1.1");
    }
  }

  /// The requests of two questions to a server that refuses those with a certain text in them.
  private static List<FakeUpstream.Exchange> refusing(Wire wire, String text, String words)
      throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              if (exchange.body().contains(text)) {
                exchange.reply(400, "application/json", "{\"error\":\"" + words + "\"}");
              } else {
                exchange.reply(200, "text/event-stream", wire.start() + wire.end());
              }
            });
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      var model = provider.upstream(Calls.MODEL, CallOptions.DEFAULTS);
      var prompt = new Prompt(TALK, parameters(0.5, -1, "high"));
      for (int i = 0; i < 2; i++) {
        assertThat(model.ask(prompt, new RecordingSink(), soon()).outcome())
            .isInstanceOf(Outcome.Finished.class);
      }
      return new ArrayList<>(upstream.requests());
    }
  }

  private static FakeUpstream.Exchange sent(
      Wire wire, ModelParameters parameters, CallOptions options) throws Exception {
    try (var upstream = answering(wire);
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      provider
          .upstream(Calls.MODEL, options)
          .ask(new Prompt(TALK, parameters), new RecordingSink(), soon());
      return upstream.requests().getFirst();
    }
  }

  private static FakeUpstream answering(Wire wire) {
    return new FakeUpstream(exchange ->
        exchange.reply(200, "text/event-stream", wire.start() + wire.text("a") + wire.end()));
  }

  private static long soon() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
  }

  private static JsonNode body(FakeUpstream.Exchange request) throws Exception {
    return JSON.readTree(request.body());
  }

  private static ModelParameters parameters(double temperature, int max, String effort) {
    return new ModelParameters(
        OptionalDouble.of(temperature),
        max < 0 ? OptionalInt.empty() : OptionalInt.of(max),
        List.of("END"),
        effort.isEmpty() ? Optional.empty() : Optional.of(effort));
  }
}
