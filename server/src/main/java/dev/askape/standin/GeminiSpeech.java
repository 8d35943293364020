package dev.askape.standin;

import static dev.askape.standin.JsonText.bytes;

import java.util.Optional;

/// A streamed answer of [GeminiDialect]: every event is a whole response with what is new; there is
/// no end mark.
final class GeminiSpeech implements Speech {
  private final ScriptedAnswer answer;

  GeminiSpeech(ScriptedAnswer answer) {
    this.answer = answer;
  }

  @Override
  public byte[] opening() {
    return new byte[0];
  }

  @Override
  public byte[] keepAlive() {
    return bytes(": keep-alive\n\n");
  }

  @Override
  public byte[] thought(String fragment) {
    return said(fragment, true);
  }

  @Override
  public byte[] text(String fragment) {
    return said(fragment, false);
  }

  private byte[] said(String fragment, boolean thought) {
    var part = GeminiDialect.part(fragment, thought);
    return event(GeminiDialect.response(answer, part, Optional.empty()));
  }

  @Override
  public byte[] finish() {
    var reason = Optional.of(GeminiDialect.finishReason(answer));
    return event(GeminiDialect.response(answer, GeminiDialect.part("", false), reason));
  }

  @Override
  public byte[] endMark() {
    return new byte[0];
  }

  @Override
  public byte[] error(int code, String message) {
    return event(GeminiDialect.errorBody(code, message, Optional.empty()));
  }

  @Override
  public byte[] event(String json) {
    return bytes("data: " + json + "\n\n");
  }
}
