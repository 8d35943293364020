package dev.askape.standin;

import static dev.askape.standin.JsonText.bytes;
import static dev.askape.standin.JsonText.escaped;
import static dev.askape.standin.JsonText.quoted;

/// A streamed completion of [OpenAiDialect], as server-sent events.
final class OpenAiSpeech implements Speech {
  private static final String DONE = "data: [DONE]\n\n";

  private final ScriptedAnswer answer;
  private final String start;

  OpenAiSpeech(ScriptedAnswer answer) {
    this.answer = answer;
    this.start =
        "data: {\"id\":\""
            + answer.id()
            + "\",\"object\":\"chat.completion.chunk\",\"created\":"
            + System.currentTimeMillis() / 1_000
            + ",\"model\":\""
            + escaped(answer.model())
            + "\",";
  }

  @Override
  public byte[] opening() {
    return delta("\"role\":\"assistant\",\"content\":\"\"");
  }

  @Override
  public byte[] keepAlive() {
    return bytes(": STAND-IN PROCESSING\n\n");
  }

  @Override
  public byte[] thought(String fragment) {
    return delta("\"reasoning_content\":\"" + escaped(fragment) + '"');
  }

  @Override
  public byte[] text(String fragment) {
    return delta("\"content\":\"" + escaped(fragment) + '"');
  }

  private byte[] delta(String fields) {
    return bytes(
        start
            + "\"choices\":[{\"index\":0,\"delta\":{"
            + fields
            + "},\"finish_reason\":null}]}\n\n");
  }

  @Override
  public byte[] finish() {
    var last =
        start
            + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
            + OpenAiDialect.finishReason(answer)
            + "\"}]}\n\n";
    return bytes(
        answer.reportsUsage()
            ? last + start + "\"choices\":[],\"usage\":" + OpenAiDialect.usage(answer) + "}\n\n"
            : last);
  }

  @Override
  public byte[] endMark() {
    return bytes(DONE);
  }

  /// As vLLM has it: the end mark comes after the error too.
  @Override
  public byte[] error(int code, String message) {
    return bytes(
        "data: {\"error\":{\"message\":"
            + quoted(message)
            + ",\"type\":\"server_error\",\"code\":"
            + code
            + "}}\n\n"
            + DONE);
  }

  @Override
  public byte[] event(String json) {
    return bytes("data: " + json + "\n\n");
  }
}
