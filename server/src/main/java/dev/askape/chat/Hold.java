package dev.askape.chat;

/// What an answer may use at most, put aside for it before it is asked for.
///
/// @param completionTokens as many as the provider is told that the answer may have
public record Hold(long promptTokens, long completionTokens, Money cost) {
  /// For an answer that no budget bounds.
  public static final Hold NOTHING = new Hold(0, 0, Money.ZERO);

  public long tokens() {
    return Saturated.sum(promptTokens, completionTokens);
  }

  /// What an answer is charged when nobody knows what it has used: what was put aside for it, or
  /// what is known, if that is more.
  public Usage forfeited(Usage known) {
    var usage =
        Usage.counted(
            Math.max(promptTokens, known.promptTokens()),
            Math.max(completionTokens, known.completionTokens()));
    return cost.equals(Money.ZERO) ? usage : usage.withCost(cost);
  }

  Hold plus(Hold other) {
    return new Hold(
        Saturated.sum(promptTokens, other.promptTokens),
        Saturated.sum(completionTokens, other.completionTokens),
        cost.plus(other.cost));
  }
}
