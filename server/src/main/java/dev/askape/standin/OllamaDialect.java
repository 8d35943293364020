package dev.askape.standin;

import static dev.askape.standin.JsonText.quoted;

import dev.askape.http.HttpExchange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Ollama's own API: `POST /api/chat`, `GET /api/tags`. Its streams are lines of JSON; it tells
/// neither cached nor reasoning tokens apart.
final class OllamaDialect implements Dialect {
  @Override
  public Optional<String> key(HttpExchange exchange) {
    return Dialect.bearer(exchange);
  }

  @Override
  public Refusal wrongKey(boolean shown) {
    return new Refusal(401, "unauthorized");
  }

  @Override
  public Ask read(HttpExchange exchange) throws BadRequest {
    var body = Dialect.body(exchange);
    return new Ask(
        body.path("model").asText(""),
        body,
        Dialect.messages(body),
        body.path("stream").asBoolean(true),
        true);
  }

  @Override
  public String error(Refusal refusal) {
    return "{\"error\":" + quoted(refusal.message()) + "}";
  }

  @Override
  public String models(List<String> ids) {
    return ids.stream()
        .map(id ->
            "{\"name\":"
                + quoted(id)
                + ",\"model\":"
                + quoted(id)
                + ",\"modified_at\":\"2026-01-01T00:00:00Z\",\"size\":1,\"digest\":\"0\",\"details\":{\"format\":\"gguf\",\"family\":\"stand-in\",\"parameter_size\":\"0B\",\"quantization_level\":\"Q4_0\"}}")
        .collect(Collectors.joining(",", "{\"models\":[", "]}"));
  }

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public Speech speech(ScriptedAnswer answer) {
    return new OllamaSpeech(answer);
  }

  @Override
  public String whole(ScriptedAnswer answer) {
    var thinking =
        answer.reasoningTokens() == 0 ? "" : ",\"thinking\":" + quoted(answer.reasoning());
    return start(answer) + message(quoted(answer.text()) + thinking) + end(answer) + "}";
  }

  static String start(ScriptedAnswer answer) {
    return "{\"model\":" + quoted(answer.model()) + ",\"created_at\":\"2026-01-01T00:00:00Z\"";
  }

  /// @param content the text in quotes, with what stands behind it
  static String message(String content) {
    return ",\"message\":{\"role\":\"assistant\",\"content\":" + content + "}";
  }

  /// What only the last line has.
  static String end(ScriptedAnswer answer) {
    return ",\"done\":true,\"done_reason\":\""
        + doneReason(answer)
        + "\",\"total_duration\":1000000,\"load_duration\":1000"
        + (answer.reportsUsage()
            ? ",\"prompt_eval_count\":%d,\"eval_count\":%d"
                .formatted(answer.promptTokens(), answer.completionTokens())
            : "");
  }

  private static String doneReason(ScriptedAnswer answer) {
    return switch (answer.script().finish()) {
      case "length" -> "length";
      case "other" -> "unload";
      default -> "stop";
    };
  }
}
