package dev.askape.chat;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/// What one identity has used, and what is put aside for its answers that run.
///
/// @param booked of answers that have ended, in all
/// @param reservedTokens put aside, in all
/// @param day the day that the next two are of
/// @param dayTokens used by what was asked on that day, with what is put aside for it
public record AccountRecord(
    UsageSum booked,
    long reservedTokens,
    Money reservedCost,
    LocalDate day,
    long dayTokens,
    Money dayCost) {
  public static final AccountRecord EMPTY =
      new AccountRecord(UsageSum.NOTHING, 0, Money.ZERO, LocalDate.EPOCH, 0, Money.ZERO);

  /// Used or put aside in the period that `today` is in.
  public long tokens(Budget.Period period, LocalDate today) {
    return switch (period) {
      case ALL -> Saturated.sum(booked.tokens(), reservedTokens);
      case DAY -> isDay(today) ? dayTokens : 0;
    };
  }

  public Money money(Budget.Period period, LocalDate today) {
    return switch (period) {
      case ALL -> booked.cost().plus(reservedCost);
      case DAY -> isDay(today) ? dayCost : Money.ZERO;
    };
  }

  /// A clock that is put back over midnight does not begin the day before once more.
  private boolean isDay(LocalDate today) {
    return today.equals(day) || ChronoUnit.DAYS.between(today, day) == 1;
  }

  /// With something put aside for an answer that is asked today.
  public AccountRecord reserved(Hold hold, LocalDate today) {
    boolean same = isDay(today);
    return new AccountRecord(
        booked,
        Saturated.sum(reservedTokens, hold.tokens()),
        reservedCost.plus(hold.cost()),
        same ? day : today,
        Saturated.sum(same ? dayTokens : 0, hold.tokens()),
        (same ? dayCost : Money.ZERO).plus(hold.cost()));
  }

  /// With what was put aside on `asked` given back.
  public AccountRecord released(Hold hold, LocalDate asked) {
    boolean same = asked.equals(day);
    return new AccountRecord(
        booked,
        Math.max(0, reservedTokens - hold.tokens()),
        reservedCost.minus(hold.cost()),
        day,
        same ? Math.max(0, dayTokens - hold.tokens()) : dayTokens,
        same ? dayCost.minus(hold.cost()) : dayCost);
  }

  /// With what an answer asked on `asked` has really used.
  public AccountRecord booked(Usage usage, LocalDate asked) {
    boolean newer = asked.isAfter(day);
    boolean counts = newer || asked.equals(day);
    long tokens = Saturated.sum(usage.promptTokens(), usage.completionTokens());
    var cost = usage.cost().orElse(Money.ZERO);
    return new AccountRecord(
        booked.plus(usage),
        reservedTokens,
        reservedCost,
        newer ? asked : day,
        Saturated.sum(newer ? 0 : dayTokens, counts ? tokens : 0),
        (newer ? Money.ZERO : dayCost).plus(counts ? cost : Money.ZERO));
  }
}
