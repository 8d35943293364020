package dev.askape.standin;

import java.util.List;

/// What one request will be told: the script, filled in with what was asked. Immutable.
///
/// @param echoed the fragments for `text=echo`, else empty
/// @param wantsUsage whether the request asked for usage in the stream
/// @param promptTokens about how many
record ScriptedAnswer(
    String model, Script script, List<String> echoed, boolean wantsUsage, int promptTokens) {
  int fragments() {
    return script.text().equals("echo") ? echoed.size() : script.tokens();
  }

  String fragment(int index) {
    return switch (script.text()) {
      case "echo" -> echoed.get(index);
      case "stamp" -> System.nanoTime() / 1_000 + " ";
      default -> StandInText.fragment(script, model, index);
    };
  }

  String thought(int index) {
    return StandInText.thought(model, index);
  }

  String usage() {
    int completion = script.think() + fragments();
    return "{\"prompt_tokens\":"
        + promptTokens
        + ",\"completion_tokens\":"
        + completion
        + ",\"total_tokens\":"
        + (promptTokens + completion)
        + ",\"completion_tokens_details\":{\"reasoning_tokens\":"
        + script.think()
        + "}}";
  }

  /// Nanoseconds from one fragment to the next; 0 = at once.
  long intervalNanos() {
    return script.rate() == 0 ? 0 : 1_000_000_000L / script.rate();
  }

  long firstNanos() {
    return script.firstMillis() * 1_000_000L;
  }
}
