package dev.askape.standin;

import static dev.askape.standin.JsonText.bytes;
import static dev.askape.standin.JsonText.quoted;

/// A streamed answer of [OllamaDialect]: a line of JSON each.
final class OllamaSpeech implements Speech {
  private final ScriptedAnswer answer;
  private final String start;

  OllamaSpeech(ScriptedAnswer answer) {
    this.answer = answer;
    this.start = OllamaDialect.start(answer);
  }

  @Override
  public byte[] opening() {
    return new byte[0];
  }

  @Override
  public byte[] keepAlive() {
    return bytes("\n");
  }

  @Override
  public byte[] thought(String fragment) {
    return line("\"\",\"thinking\":" + quoted(fragment));
  }

  @Override
  public byte[] text(String fragment) {
    return line(quoted(fragment));
  }

  private byte[] line(String content) {
    return event(start + OllamaDialect.message(content) + ",\"done\":false}");
  }

  @Override
  public byte[] finish() {
    return event(start + OllamaDialect.message("\"\"") + OllamaDialect.end(answer) + "}");
  }

  @Override
  public byte[] endMark() {
    return new byte[0];
  }

  @Override
  public byte[] error(int code, String message) {
    return event("{\"error\":" + quoted(message) + "}");
  }

  @Override
  public byte[] event(String json) {
    return bytes(json + "\n");
  }

  @Override
  public byte[] lineStart() {
    return bytes(start + ",\"message\":{\"role\":\"assistant\",\"content\":\"");
  }
}
