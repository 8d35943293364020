package dev.askape.chat;

import java.util.Optional;
import java.util.OptionalLong;

/// Settings with budgets, for tests of other packages.
public final class TestBudgets {
  private TestBudgets() {}

  /// The defaults, with a daily budget for each guest and answers of at most a thousand tokens.
  public static ChatSettings guestsMayUse(long tokens, Optional<Money> money) {
    var settings = new TestSettings();
    var budget = new Budget(OptionalLong.of(tokens), money, Budget.Period.DAY);
    settings.budgets = new Budgets(Optional.of(budget), Optional.empty(), Optional.empty(), 1_000);
    return settings.build();
  }
}
