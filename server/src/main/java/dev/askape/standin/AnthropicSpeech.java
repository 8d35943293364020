package dev.askape.standin;

import static dev.askape.standin.JsonText.bytes;
import static dev.askape.standin.JsonText.quoted;

/// A streamed message of [AnthropicDialect]: named events, the reasoning in a content block of its
/// own before that of the text.
final class AnthropicSpeech implements Speech {
  private enum Block {
    NONE,
    THINKING,
    TEXT
  }

  private final ScriptedAnswer answer;
  private Block open = Block.NONE;
  private int index = -1;

  AnthropicSpeech(ScriptedAnswer answer) {
    this.answer = answer;
  }

  @Override
  public byte[] opening() {
    var usage = answer.reportsUsage() ? ",\"usage\":" + AnthropicDialect.usage(answer, 1) : "";
    return bytes(
        named(
            "message_start",
            "{\"type\":\"message_start\",\"message\":{\"id\":\""
                + answer.id()
                + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
                + quoted(answer.model())
                + ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null"
                + usage
                + "}}"));
  }

  @Override
  public byte[] keepAlive() {
    return bytes(named("ping", "{\"type\": \"ping\"}"));
  }

  @Override
  public byte[] thought(String fragment) {
    return bytes(
        within(Block.THINKING, "{\"type\":\"thinking\",\"thinking\":\"\"}")
            + delta("\"type\":\"thinking_delta\",\"thinking\":" + quoted(fragment)));
  }

  @Override
  public byte[] text(String fragment) {
    return bytes(
        within(Block.TEXT, "{\"type\":\"text\",\"text\":\"\"}")
            + delta("\"type\":\"text_delta\",\"text\":" + quoted(fragment)));
  }

  /// What opens a block, if it is not open.
  private String within(Block block, String start) {
    if (open == block) {
      return "";
    }
    var events = closed();
    open = block;
    index++;
    return events
        + named(
            "content_block_start",
            "{\"type\":\"content_block_start\",\"index\":"
                + index
                + ",\"content_block\":"
                + start
                + "}");
  }

  /// What closes the block that is open.
  private String closed() {
    if (open == Block.NONE) {
      return "";
    }
    var signature =
        open == Block.THINKING
            ? delta("\"type\":\"signature_delta\",\"signature\":\"c3RhbmQtaW4=\"")
            : "";
    open = Block.NONE;
    return signature
        + named("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + index + "}");
  }

  private String delta(String fields) {
    return named(
        "content_block_delta",
        "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":{" + fields + "}}");
  }

  @Override
  public byte[] finish() {
    var usage =
        answer.reportsUsage()
            ? ",\"usage\":{\"output_tokens\":" + answer.completionTokens() + "}"
            : "";
    return bytes(
        closed()
            + named(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
                    + AnthropicDialect.stopReason(answer)
                    + "\",\"stop_sequence\":null}"
                    + usage
                    + "}"));
  }

  @Override
  public byte[] endMark() {
    return bytes(named("message_stop", "{\"type\":\"message_stop\"}"));
  }

  @Override
  public byte[] error(int code, String message) {
    return bytes(named("error", AnthropicDialect.errorBody(code, message)));
  }

  @Override
  public byte[] event(String json) {
    return bytes(named("content_block_delta", json));
  }

  private static String named(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
