package dev.askape.provider.http;

import dev.askape.chat.Money;
import dev.askape.chat.Usage;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The tokens of a call, as far as its stream told. What is told later replaces what was told
/// before; what is negative, which is how an absent number is read, changes nothing. Confined to
/// one thread.
public final class TokenCounts {
  private static final double MAX_COST = 1e9;

  private long prompt = -1;
  private long completion = -1;
  private long cached = -1;
  private long reasoning = -1;
  private @Nullable Money cost;

  /// All of the prompt, those that were cached included.
  public void prompt(long count) {
    prompt = count < 0 ? prompt : count;
  }

  public long prompt() {
    return prompt;
  }

  /// All that the model produced, its reasoning included.
  public void completion(long count) {
    completion = count < 0 ? completion : count;
  }

  /// Of the prompt.
  public void cached(long count) {
    cached = count < 0 ? cached : count;
  }

  /// Of the completion.
  public void reasoning(long count) {
    reasoning = count < 0 ? reasoning : count;
  }

  /// What the provider charges; what cannot be a price is ignored.
  public void cost(double amount) {
    if (amount >= 0 && amount <= MAX_COST) {
      cost = Money.of(BigDecimal.valueOf(amount));
    }
  }

  /// Empty when nothing was told.
  public Optional<Usage> usage() {
    if (prompt < 0 && completion < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Usage(
            Math.max(0, prompt),
            Math.max(0, completion),
            optional(cached),
            optional(reasoning),
            Optional.ofNullable(cost),
            false));
  }

  private static OptionalLong optional(long count) {
    return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
  }
}
