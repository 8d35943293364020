package dev.askape.chat;

import java.util.Optional;
import java.util.OptionalLong;

/// Tokens of one call.
///
/// @param promptTokens all of the prompt, those that the provider had cached included
/// @param completionTokens all that the model produced, its reasoning included
/// @param cachedTokens of the prompt, those that the provider had cached; absent when not told
/// @param reasoningTokens of the completion; absent when not told
/// @param cost what it costs: as the provider says, else by the price of the model; absent when
///   nobody knows
/// @param estimated counted here, because the provider did not say
public record Usage(
    long promptTokens,
    long completionTokens,
    OptionalLong cachedTokens,
    OptionalLong reasoningTokens,
    Optional<Money> cost,
    boolean estimated) {

  /// As a provider reports it, with nothing but the two sums.
  public static Usage reported(long promptTokens, long completionTokens) {
    return new Usage(
        promptTokens,
        completionTokens,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        false);
  }

  /// As it was counted here.
  public static Usage counted(long promptTokens, long completionTokens) {
    return new Usage(
        promptTokens,
        completionTokens,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        true);
  }

  public Usage withCached(long tokens) {
    return new Usage(
        promptTokens, completionTokens, OptionalLong.of(tokens), reasoningTokens, cost, estimated);
  }

  public Usage withReasoning(long tokens) {
    return new Usage(
        promptTokens, completionTokens, cachedTokens, OptionalLong.of(tokens), cost, estimated);
  }

  public Usage withCost(Money charged) {
    return new Usage(
        promptTokens,
        completionTokens,
        cachedTokens,
        reasoningTokens,
        Optional.of(charged),
        estimated);
  }

  /// What two calls have used together.
  Usage plus(Usage other) {
    return new Usage(
        Saturated.sum(promptTokens, other.promptTokens),
        Saturated.sum(completionTokens, other.completionTokens),
        sum(cachedTokens, other.cachedTokens),
        sum(reasoningTokens, other.reasoningTokens),
        cost.isPresent() ? cost.map(c -> c.plus(other.cost.orElse(Money.ZERO))) : other.cost,
        estimated || other.estimated);
  }

  private static OptionalLong sum(OptionalLong one, OptionalLong other) {
    return one.isPresent()
        ? OptionalLong.of(Saturated.sum(one.getAsLong(), other.orElse(0)))
        : other;
  }
}
