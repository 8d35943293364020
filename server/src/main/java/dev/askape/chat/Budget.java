package dev.askape.chat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;

/// What one identity may use, in tokens (prompts and answers together), in money, or in both.
public record Budget(OptionalLong tokens, Optional<Money> money, Period period) {
  /// The time for which a budget is. Something counts for the day on which it was asked.
  public enum Period {
    /// A day in UTC.
    DAY,
    /// For ever.
    ALL
  }

  /// Whether so much more may be reserved.
  public boolean allows(AccountRecord account, LocalDate today, Hold more) {
    long usedTokens = account.tokens(period, today);
    var usedMoney = account.money(period, today);
    boolean tokensLeft =
        tokens.isEmpty() || Saturated.sum(usedTokens, more.tokens()) <= tokens.getAsLong();
    return tokensLeft
        && money.map(most -> usedMoney.plus(more.cost()).compareTo(most) <= 0).orElse(true);
  }

  /// When what was used begins to be forgotten; empty when never.
  public Optional<Instant> resetsAt(LocalDate today) {
    return switch (period) {
      case DAY -> Optional.of(today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
      case ALL -> Optional.empty();
    };
  }

  /// The day to which a moment belongs.
  public static LocalDate dayOf(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }
}
