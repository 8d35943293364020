package dev.askape.standin;

import static dev.askape.standin.JsonText.quoted;

import dev.askape.http.HttpExchange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Google's Gemini: `POST /v1beta/models/MODEL:streamGenerateContent?alt=sse`, `:generateContent`,
/// `GET /v1beta/models`. A key that it does not know is a 400 there.
final class GeminiDialect implements Dialect {
  static final String MODELS = "/v1beta/models";
  private static final String STREAM = "streamGenerateContent";

  @Override
  public Optional<String> key(HttpExchange exchange) {
    return exchange.header("x-goog-api-key");
  }

  @Override
  public Refusal wrongKey(boolean shown) {
    return shown
        ? new Refusal(400, "API key not valid. Please pass a valid API key.")
        : new Refusal(403, "Method doesn't allow unregistered callers");
  }

  @Override
  public Ask read(HttpExchange exchange) throws BadRequest {
    var name = exchange.path().substring(MODELS.length()).replaceFirst("^/", "");
    int colon = name.lastIndexOf(':');
    var method = colon < 0 ? "" : name.substring(colon + 1);
    boolean streamed = method.equals(STREAM);
    if (!streamed && !method.equals("generateContent")) {
      throw new BadRequest(404, "no such method");
    }
    if (streamed && !exchange.query("alt").equals(Optional.of("sse"))) {
      throw new BadRequest(400, "the stand-in streams with alt=sse only");
    }
    var body = Dialect.body(exchange);
    var contents = body.path("contents");
    if (!contents.isArray() || contents.isEmpty()) {
      throw new BadRequest(400, "contents is not specified");
    }
    for (var content : contents) {
      if (!content.path("role").asText("user").matches("user|model")) {
        throw new BadRequest(400, "Please use a valid role: user, model.");
      }
    }
    return new Ask(name.substring(0, colon), body, contents, streamed, true);
  }

  @Override
  public String error(Refusal refusal) {
    var details =
        refusal
            .retryDelay()
            .map(delay ->
                "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":"
                    + quoted(delay)
                    + "}")
            .or(() ->
                refusal.message().contains("API key not valid")
                    ? Optional.of(
                        "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\",\"domain\":\"googleapis.com\"}")
                    : Optional.empty());
    return errorBody(refusal.status(), refusal.message(), details);
  }

  static String errorBody(int code, String message, Optional<String> details) {
    return "{\"error\":{\"code\":"
        + code
        + ",\"message\":"
        + quoted(message)
        + ",\"status\":\""
        + status(code)
        + "\""
        + details.map(list -> ",\"details\":[" + list + "]").orElse("")
        + "}}";
  }

  private static String status(int code) {
    return switch (code) {
      case 400 -> "INVALID_ARGUMENT";
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 409 -> "ABORTED";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 500 -> "INTERNAL";
      case 408, 504 -> "DEADLINE_EXCEEDED";
      default -> "UNAVAILABLE";
    };
  }

  @Override
  public String models(List<String> ids) {
    return ids.stream()
        .map(id ->
            "{\"name\":"
                + quoted("models/" + id)
                + ",\"displayName\":"
                + quoted("Stand-in " + id)
                + ",\"inputTokenLimit\":1048576,\"outputTokenLimit\":65536,\"supportedGenerationMethods\":[\"generateContent\",\"countTokens\"]}")
        .collect(Collectors.joining(",", "{\"models\":[", "]}"));
  }

  @Override
  public String contentType() {
    return "text/event-stream";
  }

  @Override
  public Speech speech(ScriptedAnswer answer) {
    return new GeminiSpeech(answer);
  }

  @Override
  public String whole(ScriptedAnswer answer) {
    var thought = answer.reasoningTokens() == 0 ? "" : part(answer.reasoning(), true) + ",";
    return response(
        answer, thought + part(answer.text(), false), Optional.of(finishReason(answer)));
  }

  static String part(String text, boolean thought) {
    return "{\"text\":" + quoted(text) + (thought ? ",\"thought\":true}" : "}");
  }

  static String response(ScriptedAnswer answer, String parts, Optional<String> finish) {
    return "{\"candidates\":[{\"content\":{\"parts\":["
        + parts
        + "],\"role\":\"model\"}"
        + finish.map(reason -> ",\"finishReason\":\"" + reason + "\"").orElse("")
        + ",\"index\":0}]"
        + (answer.reportsUsage() ? ",\"usageMetadata\":" + usage(answer, finish.isPresent()) : "")
        + ",\"modelVersion\":"
        + quoted(answer.model())
        + ",\"responseId\":\""
        + answer.id()
        + "\"}";
  }

  static String finishReason(ScriptedAnswer answer) {
    return switch (answer.script().finish()) {
      case "length" -> "MAX_TOKENS";
      case "filter" -> "SAFETY";
      case "other" -> "OTHER";
      default -> "STOP";
    };
  }

  /// The prompt is known from the start, the rest at the end.
  private static String usage(ScriptedAnswer answer, boolean last) {
    int thoughts = last ? answer.reasoningTokens() : 0;
    int candidates = last ? answer.fragments() : 0;
    return "{\"promptTokenCount\":%d,\"cachedContentTokenCount\":%d,\"candidatesTokenCount\":%d,\"thoughtsTokenCount\":%d,\"totalTokenCount\":%d}"
        .formatted(
            answer.promptTokens(),
            answer.cachedTokens(),
            candidates,
            thoughts,
            answer.promptTokens() + candidates + thoughts);
  }
}
