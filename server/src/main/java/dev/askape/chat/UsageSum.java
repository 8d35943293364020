package dev.askape.chat;

/// What several answers have used together. An answer of which nobody knows the cost counts as
/// free.
public record UsageSum(long answers, long promptTokens, long completionTokens, Money cost) {
  public static final UsageSum NOTHING = new UsageSum(0, 0, 0, Money.ZERO);

  /// With one answer more.
  public UsageSum plus(Usage usage) {
    return new UsageSum(
        Saturated.sum(answers, 1),
        Saturated.sum(promptTokens, usage.promptTokens()),
        Saturated.sum(completionTokens, usage.completionTokens()),
        cost.plus(usage.cost().orElse(Money.ZERO)));
  }

  public long tokens() {
    return Saturated.sum(promptTokens, completionTokens);
  }
}
