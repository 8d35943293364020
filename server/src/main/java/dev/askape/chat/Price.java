package dev.askape.chat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/// What a model costs per million tokens.
///
/// @param cached of the prompt, what the provider had cached; the prompt's price where absent
public record Price(Money prompt, Money completion, Optional<Money> cached) {
  private static final int DIGITS = 15; // billionths for a million tokens
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  /// What that many tokens cost, rounded up to the next billionth.
  public Money of(Usage usage) {
    long prompted = Math.max(0, usage.promptTokens());
    long known = Math.clamp(usage.cachedTokens().orElse(0), 0, prompted);
    var sum =
        times(prompt, prompted - known)
            .add(times(cached.orElse(prompt), known))
            .add(times(completion, Math.max(0, usage.completionTokens())));
    return Money.of(new BigDecimal(sum, DIGITS));
  }

  Money of(long promptTokens, long completionTokens) {
    return of(Usage.counted(promptTokens, completionTokens));
  }

  /// How many tokens of an answer an amount pays for.
  long tokensFor(Money amount) {
    if (completion.billionths() == 0) {
      return Long.MAX_VALUE;
    }
    return BigInteger.valueOf(amount.billionths())
        .multiply(MILLION)
        .divide(BigInteger.valueOf(completion.billionths()))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  private static BigInteger times(Money price, long tokens) {
    return BigInteger.valueOf(price.billionths()).multiply(BigInteger.valueOf(tokens));
  }
}
