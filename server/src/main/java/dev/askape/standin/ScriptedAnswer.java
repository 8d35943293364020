package dev.askape.standin;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What one request will be told: the script, filled in with what was asked. Immutable.
///
/// @param id of the answer
/// @param echoed the fragments for `text=echo` and `text=request`, else empty
/// @param wantsUsage whether the request asked for usage
/// @param promptTokens about how many, those that are called cached included
record ScriptedAnswer(
    String id,
    String model,
    Script script,
    List<String> echoed,
    boolean wantsUsage,
    int promptTokens) {
  private static final int CHARS_PER_TOKEN = 4;

  static ScriptedAnswer to(Ask ask, Script script, String id) {
    var messages = JsonText.write(ask.messages());
    var echoed =
        switch (script.text()) {
          case "echo" -> StandInText.cut(messages);
          case "request" -> StandInText.cut(JsonText.write(ask.body()));
          default -> List.<String>of();
        };
    int prompt = messages.length() / CHARS_PER_TOKEN + script.cached();
    return new ScriptedAnswer(id, ask.model(), script, echoed, ask.usage(), prompt);
  }

  int fragments() {
    return isEcho() ? echoed.size() : script.tokens();
  }

  private boolean isEcho() {
    return script.text().equals("echo") || script.text().equals("request");
  }

  String fragment(int index) {
    if (isEcho()) {
      return echoed.get(index);
    }
    return script.text().equals("stamp")
        ? System.nanoTime() / 1_000 + " "
        : StandInText.fragment(script, model, index);
  }

  String thought(int index) {
    return StandInText.thought(model, index);
  }

  /// The whole text.
  String text() {
    return IntStream.range(0, fragments()).mapToObj(this::fragment).collect(Collectors.joining());
  }

  /// The whole reasoning; empty when there is none.
  String reasoning() {
    return IntStream.range(0, script.think()).mapToObj(this::thought).collect(Collectors.joining());
  }

  boolean reportsUsage() {
    return script.usage() && wantsUsage;
  }

  int cachedTokens() {
    return script.cached();
  }

  int reasoningTokens() {
    return script.think();
  }

  /// Those of the reasoning included.
  int completionTokens() {
    return script.think() + fragments();
  }

  /// Nanoseconds from one fragment to the next; 0 = at once.
  long intervalNanos() {
    return script.rate() == 0 ? 0 : 1_000_000_000L / script.rate();
  }

  long firstNanos() {
    return script.firstMillis() * 1_000_000L;
  }
}
