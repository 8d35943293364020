package dev.askape.localmodel;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.localmodel.TextModel.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/// What `POST /v1/chat/completions` asks for.
///
/// @param usage whether a stream tells at its end what was used
record ChatRequest(
    ServedModel model,
    List<Message> messages,
    boolean stream,
    boolean usage,
    OptionalDouble temperature,
    OptionalInt maxTokens,
    List<String> stop) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");
  private static final int MAX_MESSAGES = 10_000;
  private static final int MAX_STOPS = 16;

  /// Why a request is turned away.
  static final class Refused extends Exception {
    final int status;
    final String code;

    Refused(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }

    /// What to tell the client.
    String text() {
      var message = getMessage();
      return message == null ? code : message;
    }
  }

  static ChatRequest parse(byte[] body) throws Refused {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JacksonException e) {
      throw invalid("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw invalid("not JSON");
    }
    var id = json.path("model").asText("");
    var model =
        ServedModel.named(id)
            .orElseThrow(() -> new Refused(404, "model_not_found", "There is no such model here."));
    return new ChatRequest(
        model,
        messages(json.path("messages")),
        json.path("stream").asBoolean(),
        json.path("stream_options").path("include_usage").asBoolean(),
        temperature(json.path("temperature")),
        maxTokens(json),
        stops(json.path("stop")));
  }

  private static List<Message> messages(JsonNode json) throws Refused {
    if (!json.isArray() || json.isEmpty() || json.size() > MAX_MESSAGES) {
      throw invalid("messages must be an array of 1 to " + MAX_MESSAGES);
    }
    var messages = new ArrayList<Message>();
    for (var message : json) {
      var role = message.path("role").asText("");
      if (!ROLES.contains(role)) {
        throw invalid("a role must be one of " + ROLES);
      }
      messages.add(
          new Message(role.equals("developer") ? "system" : role, text(message.path("content"))));
    }
    return List.copyOf(messages);
  }

  private static String text(JsonNode content) throws Refused {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (!content.isArray()) {
      throw invalid("content must be a text or a list of texts");
    }
    var text = new StringBuilder();
    for (var part : content) {
      if (!part.path("type").asText("").equals("text")) {
        throw invalid("only texts are understood here");
      }
      text.append(part.path("text").asText(""));
    }
    return text.toString();
  }

  private static OptionalDouble temperature(JsonNode json) throws Refused {
    if (json.isMissingNode() || json.isNull()) {
      return OptionalDouble.empty();
    }
    if (!json.isNumber() || json.doubleValue() < 0 || json.doubleValue() > 10) {
      throw invalid("temperature must be 0 to 10");
    }
    return OptionalDouble.of(json.doubleValue());
  }

  private static OptionalInt maxTokens(JsonNode request) throws Refused {
    var json =
        request.hasNonNull("max_completion_tokens")
            ? request.path("max_completion_tokens")
            : request.path("max_tokens");
    if (json.isMissingNode() || json.isNull()) {
      return OptionalInt.empty();
    }
    if (!json.canConvertToInt() || json.intValue() < 1) {
      throw invalid("max_tokens must be a positive number");
    }
    return OptionalInt.of(json.intValue());
  }

  private static List<String> stops(JsonNode json) throws Refused {
    if (json.isMissingNode() || json.isNull()) {
      return List.of();
    }
    var stops = new ArrayList<String>();
    for (var stop : json.isArray() ? json : List.of(json)) {
      if (!stop.isTextual() || stop.textValue().isEmpty() || stops.size() == MAX_STOPS) {
        throw invalid("stop must be a text or a list of at most " + MAX_STOPS + " texts");
      }
      stops.add(stop.textValue());
    }
    return List.copyOf(stops);
  }

  private static Refused invalid(String message) {
    return new Refused(400, "invalid_request_error", message);
  }
}
