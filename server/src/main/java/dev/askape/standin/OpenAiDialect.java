package dev.askape.standin;

import static dev.askape.standin.JsonText.escaped;
import static dev.askape.standin.JsonText.quoted;

import dev.askape.http.HttpExchange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// OpenAI's Chat Completions, which most providers and local servers speak: `POST
/// /v1/chat/completions`, `GET /v1/models`.
final class OpenAiDialect implements Dialect {
  @Override
  public Optional<String> key(HttpExchange exchange) {
    return Dialect.bearer(exchange);
  }

  @Override
  public Refusal wrongKey(boolean shown) {
    return new Refusal(
        401, shown ? "Incorrect API key provided" : "You did not provide an API key");
  }

  @Override
  public Ask read(HttpExchange exchange) throws BadRequest {
    var body = Dialect.body(exchange);
    boolean streamed = body.path("stream").asBoolean();
    return new Ask(
        body.path("model").asText(""),
        body,
        Dialect.messages(body),
        streamed,
        !streamed || body.path("stream_options").path("include_usage").asBoolean());
  }

  @Override
  public String error(Refusal refusal) {
    return "{\"error\":{\"message\":"
        + quoted(refusal.message())
        + ",\"type\":\"stand_in\",\"code\":\""
        + code(refusal.status())
        + "\"}}";
  }

  private static String code(int status) {
    return switch (status) {
      case 400 -> "invalid_request_error";
      case 401 -> "invalid_api_key";
      case 404 -> "model_not_found";
      default -> "scripted";
    };
  }

  @Override
  public String models(List<String> ids) {
    return ids.stream()
        .map(id ->
            "{\"id\":"
                + quoted(id)
                + ",\"object\":\"model\",\"created\":0,\"owned_by\":\"askape\"}")
        .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
  }

  @Override
  public String contentType() {
    return "text/event-stream";
  }

  @Override
  public Speech speech(ScriptedAnswer answer) {
    return new OpenAiSpeech(answer);
  }

  @Override
  public String whole(ScriptedAnswer answer) {
    var reasoning =
        answer.reasoningTokens() == 0 ? "" : ",\"reasoning_content\":" + quoted(answer.reasoning());
    return "{\"id\":\""
        + answer.id()
        + "\",\"object\":\"chat.completion\",\"model\":\""
        + escaped(answer.model())
        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
        + quoted(answer.text())
        + reasoning
        + "},\"finish_reason\":\""
        + finishReason(answer)
        + "\"}],\"usage\":"
        + usage(answer)
        + "}";
  }

  static String finishReason(ScriptedAnswer answer) {
    return switch (answer.script().finish()) {
      case "length" -> "length";
      case "filter" -> "content_filter";
      case "other" -> "tool_calls";
      default -> "stop";
    };
  }

  static String usage(ScriptedAnswer answer) {
    return "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":%d},\"completion_tokens_details\":{\"reasoning_tokens\":%d}}"
        .formatted(
            answer.promptTokens(),
            answer.completionTokens(),
            answer.promptTokens() + answer.completionTokens(),
            answer.cachedTokens(),
            answer.reasoningTokens());
  }
}
