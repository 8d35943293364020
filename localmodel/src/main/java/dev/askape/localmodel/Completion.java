package dev.askape.localmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/// The JSON of one answer, whole or in chunks of a stream, as OpenAI's API has it. Immutable.
record Completion(String id, String model, long created) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What was used.
  record Usage(int promptTokens, int completionTokens) {}

  byte[] chunk(String text) {
    var json = head("chat.completion.chunk");
    choice(json).putNull("finish_reason").putObject("delta").put("content", text);
    return event(json);
  }

  byte[] last(String finishReason) {
    var json = head("chat.completion.chunk");
    choice(json).put("finish_reason", finishReason).putObject("delta");
    return event(json);
  }

  byte[] usage(Usage usage) {
    var json = head("chat.completion.chunk");
    json.putArray("choices");
    put(json, usage);
    return event(json);
  }

  byte[] whole(String text, String finishReason, Usage usage) {
    var json = head("chat.completion");
    choice(json)
        .put("finish_reason", finishReason)
        .putObject("message")
        .put("role", "assistant")
        .put("content", text);
    put(json, usage);
    return bytes(json);
  }

  static byte[] done() {
    return "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] error(String code, String message) {
    return bytes(errorJson(code, message));
  }

  static byte[] errorEvent(String code, String message) {
    return event(errorJson(code, message));
  }

  static byte[] models() {
    var json = JSON.createObjectNode().put("object", "list");
    var data = json.putArray("data");
    for (var model : ServedModel.values()) {
      data.addObject().put("id", model.id()).put("object", "model").put("owned_by", "local");
    }
    return bytes(json);
  }

  private static ObjectNode errorJson(String code, String message) {
    var json = JSON.createObjectNode();
    json.putObject("error").put("message", message).put("type", code).put("code", code);
    return json;
  }

  private ObjectNode head(String object) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  private static ObjectNode choice(ObjectNode json) {
    return json.putArray("choices").addObject().put("index", 0);
  }

  private static void put(ObjectNode json, Usage usage) {
    json.putObject("usage")
        .put("prompt_tokens", usage.promptTokens())
        .put("completion_tokens", usage.completionTokens())
        .put("total_tokens", usage.promptTokens() + usage.completionTokens());
  }

  private static byte[] event(ObjectNode json) {
    return ("data: " + text(json) + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ObjectNode json) {
    return text(json).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
