package dev.askape.provider.apis;

import dev.askape.chat.FinishReason;
import dev.askape.chat.Money;
import dev.askape.chat.Usage;
import java.net.URI;
import java.util.Map;

/// How each kind of API looks on the wire.
enum Wire {
  OPENAI(Api.OPENAI, "authorization", "POST /v1/chat/completions HTTP/1.1") {
    @Override
    String text(String escaped) {
      return event("{\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}", escaped);
    }

    @Override
    String thought(String escaped) {
      return event("{\"choices\":[{\"delta\":{\"reasoning\":\"%s\"}}]}", escaped);
    }

    @Override
    String finish(String word) {
      return event("{\"choices\":[{\"delta\":{},\"finish_reason\":\"%s\"}]}", word);
    }

    @Override
    String usage() {
      return """
      data: {"choices":[],"usage":{"prompt_tokens":13,"completion_tokens":7,"cost":0.00014,
      data: "prompt_tokens_details":{"cached_tokens":3},
      data: "completion_tokens_details":{"reasoning_tokens":2}}}

      """;
    }

    @Override
    String end() {
      return finish("stop") + usage() + "data: [DONE]\n\n";
    }

    @Override
    Usage expected() {
      return super.expected().withReasoning(2).withCost(new Money(140_000));
    }

    @Override
    String error(String code) {
      return event("{\"error\":{\"message\":\"boom\",\"code\":\"%s\"}}", code);
    }

    @Override
    Map<String, FinishReason> reasons() {
      return Map.of(
          "stop", FinishReason.STOP,
          "length", FinishReason.LENGTH,
          "content_filter", FinishReason.CONTENT_FILTER,
          "tool_calls", FinishReason.OTHER);
    }
  },

  ANTHROPIC(Api.ANTHROPIC, "x-api-key", "POST /v1/messages HTTP/1.1") {
    @Override
    String start() {
      return event(
          "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\","
              + "\"role\":\"assistant\",\"content\":[],\"stop_reason\":null,"
              + "\"usage\":{\"input_tokens\":%s,\"cache_creation_input_tokens\":1,"
              + "\"cache_read_input_tokens\":3,\"output_tokens\":1}}}",
          "9");
    }

    @Override
    String text(String escaped) {
      return "event: content_block_delta\n"
          + event(
              "{\"type\":\"content_block_delta\",\"index\":1,"
                  + "\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}",
              escaped);
    }

    @Override
    String thought(String escaped) {
      return event(
              "{\"type\":\"content_block_delta\",\"index\":0,"
                  + "\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"%s\"}}",
              escaped)
          + event(
              "{\"type\":\"content_block_delta\",\"index\":0,"
                  + "\"delta\":{\"type\":\"signature_delta\",\"signature\":\"%s\"}}",
              "c2lnbmF0dXJl")
          + "event: ping\n"
          + event("{\"type\": \"%s\"}", "ping");
    }

    @Override
    String finish(String word) {
      return event(
          "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"%s\",\"stop_sequence\":null},"
              + "\"usage\":{\"output_tokens\":7}}",
          word);
    }

    @Override
    String usage() {
      return "";
    }

    @Override
    String end() {
      return finish("end_turn") + event("{\"type\":\"%s\"}", "message_stop");
    }

    @Override
    String error(String code) {
      return "event: error\n"
          + event("{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"boom\"}}", code);
    }

    @Override
    Map<String, FinishReason> reasons() {
      return Map.of(
          "end_turn", FinishReason.STOP,
          "stop_sequence", FinishReason.STOP,
          "max_tokens", FinishReason.LENGTH,
          "refusal", FinishReason.CONTENT_FILTER,
          "pause_turn", FinishReason.OTHER,
          "tool_use", FinishReason.OTHER);
    }
  },

  GEMINI(
      Api.GEMINI,
      "x-goog-api-key",
      "POST /v1/models/a%2Fm:streamGenerateContent?alt=sse HTTP/1.1") {
    @Override
    String text(String escaped) {
      return event(
          "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"%s\"}],\"role\":\"model\"},"
              + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":13}}",
          escaped);
    }

    @Override
    String thought(String escaped) {
      return event(
          "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"%s\",\"thought\":true}]}}]}",
          escaped);
    }

    @Override
    String finish(String word) {
      return event(
          "{\"candidates\":[{\"content\":{},\"finishReason\":\"%s\"}],"
              + "\"usageMetadata\":{\"promptTokenCount\":13,\"cachedContentTokenCount\":3,"
              + "\"candidatesTokenCount\":5,\"thoughtsTokenCount\":2,\"totalTokenCount\":20}}",
          word);
    }

    @Override
    String usage() {
      return "";
    }

    @Override
    String end() {
      return finish("STOP");
    }

    @Override
    Usage expected() {
      return super.expected().withReasoning(2);
    }

    @Override
    String error(String code) {
      return event("[{\"error\":{\"code\":%s,\"message\":\"boom\"}}]", number(code));
    }

    private static String number(String code) {
      return code.matches("[0-9]+") ? code : "null,\"status\":\"" + code + "\"";
    }

    @Override
    Map<String, FinishReason> reasons() {
      return Map.of(
          "STOP", FinishReason.STOP,
          "MAX_TOKENS", FinishReason.LENGTH,
          "SAFETY", FinishReason.CONTENT_FILTER,
          "RECITATION", FinishReason.CONTENT_FILTER,
          "MALFORMED_FUNCTION_CALL", FinishReason.OTHER);
    }
  },

  OLLAMA(Api.OLLAMA, "authorization", "POST /v1/api/chat HTTP/1.1") {
    @Override
    String text(String escaped) {
      return "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"done\":false}\n"
          .formatted(escaped);
    }

    @Override
    String thought(String escaped) {
      return "{\"message\":{\"content\":\"\",\"thinking\":\"%s\"},\"done\":false}\n"
          .formatted(escaped);
    }

    @Override
    String finish(String word) {
      return ("{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"%s\","
              + "\"prompt_eval_count\":13,\"eval_count\":7}\n")
          .formatted(word);
    }

    @Override
    String usage() {
      return "";
    }

    @Override
    String end() {
      return finish("stop");
    }

    @Override
    Usage expected() {
      return Usage.reported(13, 7);
    }

    @Override
    String error(String code) {
      return "{\"error\":\"boom %s\"}\n".formatted(code);
    }

    @Override
    Map<String, FinishReason> reasons() {
      return Map.of(
          "stop", FinishReason.STOP, "length", FinishReason.LENGTH, "load", FinishReason.OTHER);
    }
  };

  final Api api;

  /// Where the key is sent.
  final String keyHeader;

  /// What is asked of a base URL with the path `/v1` for the model `a/m`.
  final String requestLine;

  Wire(Api api, String keyHeader, String requestLine) {
    this.api = api;
    this.keyHeader = keyHeader;
    this.requestLine = requestLine;
  }

  /// What comes before the first word.
  String start() {
    return "";
  }

  /// A fragment of the answer.
  abstract String text(String escaped);

  /// A fragment of the reasoning.
  abstract String thought(String escaped);

  /// The reason why the model ended.
  abstract String finish(String word);

  /// Usage, where it comes by itself.
  abstract String usage();

  /// A whole good end, with usage.
  abstract String end();

  /// In the middle of a stream.
  abstract String error(String code);

  abstract Map<String, FinishReason> reasons();

  /// The usage in [#end].
  Usage expected() {
    return Usage.reported(13, 7).withCached(3);
  }

  private static String event(String json, String value) {
    return "data: " + json.formatted(value) + "\n\n";
  }

  static URI closed(int port) {
    return URI.create("http://127.0.0.1:" + port + "/v1");
  }
}
