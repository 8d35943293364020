package dev.askape.chat;

import java.util.stream.Collectors;

/// The one line that the log has for a turn: who answered, how, how fast. No text of anybody.
final class TurnSummary {
  private TurnSummary() {}

  static String of(Turn turn) {
    var answers = turn.answers().stream().map(TurnSummary::of).collect(Collectors.joining(" "));
    return "session=" + turn.sessionId() + " turn=" + turn.messageId() + " " + answers;
  }

  private static String of(Answer answer) {
    var model = "[" + answer.modelId();
    return answer
        .ending()
        .map(end ->
            model
                + (" " + end.state()).toLowerCase(java.util.Locale.ROOT)
                + end.failure().map(f -> "/" + f.type() + " errorId=" + f.errorId()).orElse("")
                + (end.firstTokenMs().isPresent()
                    ? " first=" + end.firstTokenMs().getAsLong() + "ms"
                    : "")
                + (" duration=" + end.durationMs().orElse(0) + "ms")
                + (" tokens=" + end.usage().completionTokens())
                + (end.usage().estimated() ? "~" : "")
                + end.usage().cost().map(cost -> " cost=" + cost).orElse("")
                + answer.servedBy().map(other -> " by=" + other + "]").orElse("]"))
        .orElse(model + "]");
  }
}
