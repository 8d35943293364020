package dev.askape.chat;

import java.util.Optional;
import java.util.OptionalLong;

/// How much may be used. Without any limit nothing is counted before it is asked.
///
/// @param guest of each guest
/// @param user of each user
/// @param turn of each turn, all its models together
/// @param answerTokens what a model without a limit of its own may answer at most where a budget
///   applies, in tokens
public record Budgets(
    Optional<Budget> guest, Optional<Budget> user, Optional<OfTurn> turn, int answerTokens) {
  public static final Budgets NONE =
      new Budgets(Optional.empty(), Optional.empty(), Optional.empty(), 4_096);

  /// What one turn may use, in tokens, in money, or in both.
  public record OfTurn(OptionalLong tokens, Optional<Money> money) {}

  public Optional<Budget> of(Party party) {
    return switch (party) {
      case Party.Guest _ -> guest;
      case Party.User _ -> user;
    };
  }
}
