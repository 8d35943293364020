package dev.askape.standin;

import static dev.askape.standin.JsonText.quoted;

import dev.askape.http.HttpExchange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Anthropic's Messages: `POST /v1/messages`, `GET /v1/models`. Its prompt tokens are without those
/// that were cached, and it does not tell reasoning tokens apart.
final class AnthropicDialect implements Dialect {
  static final String VERSION = "anthropic-version";

  @Override
  public Optional<String> key(HttpExchange exchange) {
    return exchange.header("x-api-key");
  }

  @Override
  public Refusal wrongKey(boolean shown) {
    return new Refusal(401, shown ? "invalid x-api-key" : "x-api-key header is required");
  }

  @Override
  public Ask read(HttpExchange exchange) throws BadRequest {
    if (exchange.header(VERSION).isEmpty()) {
      throw new BadRequest(400, "anthropic-version: header is required");
    }
    var body = Dialect.body(exchange);
    var messages = body.path("messages");
    if (!messages.isArray()) {
      throw new BadRequest(400, "messages: Input should be a valid list");
    }
    if (!body.path("max_tokens").canConvertToInt() || body.path("max_tokens").asInt() < 1) {
      throw new BadRequest(400, "max_tokens: Field required");
    }
    for (var message : messages) {
      if (!message.path("role").asText().matches("user|assistant")) {
        throw new BadRequest(400, "messages: Unexpected role; use the top-level system parameter");
      }
    }
    return new Ask(
        body.path("model").asText(""), body, messages, body.path("stream").asBoolean(), true);
  }

  @Override
  public String error(Refusal refusal) {
    return errorBody(refusal.status(), refusal.message());
  }

  static String errorBody(int status, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\""
        + errorType(status)
        + "\",\"message\":"
        + quoted(message)
        + "},\"request_id\":\"req_stand_in\"}";
  }

  private static String errorType(int status) {
    return switch (status) {
      case 400 -> "invalid_request_error";
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> "api_error";
    };
  }

  @Override
  public String models(List<String> ids) {
    var list =
        ids.stream()
            .map(id ->
                "{\"type\":\"model\",\"id\":"
                    + quoted(id)
                    + ",\"display_name\":"
                    + quoted("Stand-in " + id)
                    + ",\"created_at\":\"2026-01-01T00:00:00Z\"}")
            .collect(Collectors.joining(","));
    return "{\"data\":["
        + list
        + "],\"has_more\":false,\"first_id\":"
        + quoted(ids.getFirst())
        + ",\"last_id\":"
        + quoted(ids.getLast())
        + "}";
  }

  @Override
  public String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  @Override
  public Speech speech(ScriptedAnswer answer) {
    return new AnthropicSpeech(answer);
  }

  @Override
  public String whole(ScriptedAnswer answer) {
    var thinking =
        answer.reasoningTokens() == 0
            ? ""
            : "{\"type\":\"thinking\",\"thinking\":"
                + quoted(answer.reasoning())
                + ",\"signature\":\"c3RhbmQtaW4=\"},";
    return "{\"id\":\""
        + answer.id()
        + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
        + quoted(answer.model())
        + ",\"content\":["
        + thinking
        + "{\"type\":\"text\",\"text\":"
        + quoted(answer.text())
        + "}],\"stop_reason\":\""
        + stopReason(answer)
        + "\",\"stop_sequence\":null,\"usage\":"
        + usage(answer, answer.completionTokens())
        + "}";
  }

  static String stopReason(ScriptedAnswer answer) {
    return switch (answer.script().finish()) {
      case "length" -> "max_tokens";
      case "filter" -> "refusal";
      case "other" -> "tool_use";
      default -> "end_turn";
    };
  }

  static String usage(ScriptedAnswer answer, int outputTokens) {
    return "{\"input_tokens\":%d,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":%d,\"output_tokens\":%d}"
        .formatted(
            answer.promptTokens() - answer.cachedTokens(), answer.cachedTokens(), outputTokens);
  }
}
