package dev.askape.chat;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// An amount in the currency of the price lists (US dollars at most providers), in billionths, so
/// that the price of a single token is exact enough and sums never drift. Never negative.
public record Money(long billionths) implements Comparable<Money> {
  public static final Money ZERO = new Money(0);

  private static final int DIGITS = 9;

  public Money {
    if (billionths < 0) {
      throw new IllegalArgumentException("an amount is not negative");
    }
  }

  /// Rounds up to the next billionth; what is too much to be held is held as the most there is.
  public static Money of(BigDecimal amount) {
    var scaled = amount.movePointRight(DIGITS).setScale(0, RoundingMode.CEILING);
    return new Money(scaled.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact());
  }

  /// The most there is when the sum is more.
  public Money plus(Money other) {
    long sum = billionths + other.billionths;
    return new Money(sum < 0 ? Long.MAX_VALUE : sum);
  }

  /// Nothing when the other is more.
  public Money minus(Money other) {
    return new Money(Math.max(0, billionths - other.billionths));
  }

  static Money max(Money one, Money other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  public BigDecimal toDecimal() {
    var shortest = BigDecimal.valueOf(billionths, DIGITS).stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(billionths, other.billionths);
  }

  /// As people write it, such as `0.00125`.
  @Override
  public String toString() {
    return toDecimal().toPlainString();
  }
}
