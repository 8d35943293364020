package dev.askape.chat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What an answer has used and what that costs: as its providers report it, else counted here. Safe
/// for any thread.
final class Costs {
  private final TokenCounter tokens;

  Costs(TokenCounter tokens) {
    this.tokens = tokens;
  }

  /// Of all calls that were made for an answer. A call before the last one has failed before its
  /// first word, and costs what its provider says, if it says anything.
  Usage of(List<AnswerRun.Call> calls, AnswerRun.Result result, Answer answer) {
    var used = Optional.<Usage>empty();
    for (int i = 0; i < calls.size(); i++) {
      var call = calls.get(i);
      var reported = call.reported();
      if (reported.isEmpty() && i == calls.size() - 1) {
        reported = Optional.of(wasWorked(result, answer) ? counted(call, answer) : nothing());
      }
      var sum = used;
      used =
          reported
              .map(usage -> priced(usage, call.model()))
              .map(usage -> sum.map(usage::plus).orElse(usage))
              .or(() -> sum);
    }
    return used.orElseGet(Costs::nothing);
  }

  private static Usage nothing() {
    return Usage.counted(0, 0);
  }

  private static Usage priced(Usage usage, Model model) {
    return usage.cost().isPresent()
        ? usage
        : model.price().map(price -> usage.withCost(price.of(usage))).orElse(usage);
  }

  /// Whether the provider has at least read the prompt, as far as can be told. One that refuses a
  /// call does not charge for it.
  private static boolean wasWorked(AnswerRun.Result result, Answer answer) {
    if (!answer.said().isEmpty() || !answer.reasoning().isEmpty()) {
      return true;
    }
    return result.error().map(Costs::mayBeCharged).orElse(true);
  }

  private static boolean mayBeCharged(ErrorType failure) {
    return switch (failure) {
      case TIMEOUT, CONTENT_FILTER, INTERRUPTED -> true;
      case UNKNOWN_MODEL, UNAUTHORIZED, RATE_LIMITED, UNAVAILABLE, TOO_LARGE, BUSY, INTERNAL ->
          false;
    };
  }

  private Usage counted(AnswerRun.Call call, Answer answer) {
    long reasoning = tokens.count(answer.reasoning().whole());
    return new Usage(
        call.asked().tokens(),
        tokens.count(answer.said().whole()) + reasoning,
        OptionalLong.empty(),
        reasoning == 0 ? OptionalLong.empty() : OptionalLong.of(reasoning),
        Optional.empty(),
        true);
  }
}
