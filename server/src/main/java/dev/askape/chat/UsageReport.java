package dev.askape.chat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/// What somebody has used.
///
/// @param booked of answers that have ended, in all
/// @param budget how that stands to his budget, if he has one
public record UsageReport(UsageSum booked, Optional<State> budget) {
  /// How what was used stands to a budget.
  ///
  /// @param tokens used in the budget's period, with what is put aside for answers that run
  /// @param money likewise
  /// @param resetsAt when what was used begins to be forgotten, if ever
  public record State(Budget budget, long tokens, Money money, Optional<Instant> resetsAt) {}

  static UsageReport of(AccountRecord account, Optional<Budget> budget, LocalDate today) {
    return new UsageReport(
        account.booked(),
        budget.map(b ->
            new State(
                b,
                account.tokens(b.period(), today),
                account.money(b.period(), today),
                b.resetsAt(today))));
  }
}
