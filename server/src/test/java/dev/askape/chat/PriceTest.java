package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final Price PRICE =
      new Price(money("0.15"), money("0.60"), Optional.of(money("0.075")));

  private static Money money(String amount) {
    return Money.of(new BigDecimal(amount));
  }

  @Test
  void isForAMillionTokens() {
    assertThat(PRICE.of(Usage.reported(1_000_000, 0))).isEqualTo(money("0.15"));
    assertThat(PRICE.of(Usage.reported(0, 1_000_000))).isEqualTo(money("0.60"));
    assertThat(PRICE.of(Usage.reported(1_000, 2_000))).isEqualTo(money("0.00135"));
  }

  @Test
  void chargesCachedTokensAtTheirOwnPriceOrAsOthers() {
    var usage = Usage.reported(1_000_000, 0).withCached(600_000);

    assertThat(PRICE.of(usage)).isEqualTo(money("0.105"));
    assertThat(new Price(PRICE.prompt(), PRICE.completion(), Optional.empty()).of(usage))
        .isEqualTo(money("0.15"));
  }

  @Test
  void roundsUpToABillionth() {
    var cheap = new Price(money("0.0001"), Money.ZERO, Optional.empty());

    assertThat(cheap.of(Usage.reported(1, 0))).isEqualTo(new Money(1));
    assertThat(cheap.of(Usage.reported(11, 0))).isEqualTo(new Money(2));
  }

  @Test
  void takesWhateverAProviderReports() {
    assertThat(PRICE.of(Usage.reported(-5, -5).withCached(-1))).isEqualTo(Money.ZERO);
    assertThat(PRICE.of(Usage.reported(10, 0).withCached(99)))
        .isEqualTo(PRICE.of(Usage.reported(10, 0).withCached(10)));
    assertThat(PRICE.of(Usage.reported(Long.MAX_VALUE, Long.MAX_VALUE)).billionths()).isPositive();
  }

  @Test
  void saysHowManyTokensAnAmountPaysFor() {
    assertThat(PRICE.tokensFor(money("0.60"))).isEqualTo(1_000_000);
    assertThat(PRICE.tokensFor(money("0.0000011"))).isEqualTo(1);
    assertThat(PRICE.tokensFor(Money.ZERO)).isZero();
    assertThat(new Price(Money.ZERO, Money.ZERO, Optional.empty()).tokensFor(Money.ZERO))
        .isEqualTo(Long.MAX_VALUE);
    var most = PRICE.tokensFor(money("0.01"));
    assertThat(PRICE.of(0, most)).isLessThanOrEqualTo(money("0.01"));
    assertThat(PRICE.of(0, most + 1)).isGreaterThan(money("0.01"));
  }
}
