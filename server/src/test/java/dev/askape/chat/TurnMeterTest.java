package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.TurnMeter.Bounds;
import dev.askape.chat.TurnMeter.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnMeterTest {
  private final List<String> counted = new ArrayList<>();
  private final TokenCounter tokens =
      text -> {
        counted.add(text);
        return (text.length() + 3) / 4;
      };

  private static Optional<Budgets.OfTurn> tokens(long most) {
    return Optional.of(new Budgets.OfTurn(OptionalLong.of(most), Optional.empty()));
  }

  private static Bounds bounds(long prompt, long most) {
    return new Bounds(prompt, Money.ZERO, Money.ZERO, most);
  }

  private static Verdict say(TurnMeter meter, int place, String text) {
    return meter.said(place, text, text.length());
  }

  /// Says four characters at a time, a token each, until it is told to stop.
  private static int saidUntil(Verdict end, TurnMeter meter, int place) {
    for (int i = 1; i < 100_000; i++) {
      var verdict = say(meter, place, "abcd");
      if (verdict != Verdict.GO_ON) {
        assertThat(verdict).isEqualTo(end);
        return i;
      }
    }
    throw new AssertionError("never stopped");
  }

  @Test
  void stopsAnAnswerThatHasMoreThanItMay() {
    var meter = new TurnMeter(tokens, Optional.empty(), List.of(bounds(9, 50), bounds(9, 90)));

    assertThat(saidUntil(Verdict.ANSWER_IS_OVER, meter, 0)).isEqualTo(51);
    assertThat(saidUntil(Verdict.ANSWER_IS_OVER, meter, 1)).isEqualTo(91);
  }

  @Test
  void stopsATurnWhoseAnswersTogetherHaveWhatItMay() {
    var meter = new TurnMeter(tokens, tokens(1_000), List.of(bounds(100, 900), bounds(50, 900)));
    for (int i = 0; i < 300; i++) {
      assertThat(say(meter, 0, "abcd")).isEqualTo(Verdict.GO_ON);
    }

    assertThat(saidUntil(Verdict.TURN_IS_OVER, meter, 1)).isEqualTo(1_000 - 150 - 300);
    assertThat(say(meter, 0, "abcd")).isEqualTo(Verdict.TURN_IS_OVER);
  }

  @Test
  void stopsATurnByItsMoney() {
    var price = new Money(2_000_000); // two billionths a token
    var limit = new Budgets.OfTurn(OptionalLong.empty(), Optional.of(new Money(700)));
    var meter =
        new TurnMeter(
            tokens, Optional.of(limit), List.of(new Bounds(9, new Money(100), price, 9_999)));

    assertThat(saidUntil(Verdict.TURN_IS_OVER, meter, 0)).isEqualTo(300);
  }

  @Test
  void saysNothingWhereNothingIsLimited() {
    for (int i = 0; i < 10; i++) {
      assertThat(say(TurnMeter.UNLIMITED, i, "x".repeat(1_000_000))).isEqualTo(Verdict.GO_ON);
    }
  }

  @Test
  void countsEachCharacterOnceAndSeldom() {
    var meter = new TurnMeter(tokens, tokens(20_000), List.of(bounds(0, 20_000)));
    for (int i = 0; i < 19_000; i++) {
      assertThat(say(meter, 0, "abcd")).isEqualTo(Verdict.GO_ON);
    }

    int characters = counted.stream().mapToInt(String::length).sum();
    assertThat(characters).isBetween(19_000 * 4 - 1_024, 19_000 * 4);
    assertThat(counted).hasSizeLessThan(120);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverCountsTooLittle(long seed) {
    var random = new Random(seed);
    long most = 200L + random.nextInt(2_000);
    TokenCounter dense = String::length; // as many tokens as there can be
    var meter = new TurnMeter(dense, Optional.empty(), List.of(bounds(0, most)));
    long said = 0;
    var verdict = Verdict.GO_ON;
    while (verdict == Verdict.GO_ON) {
      var text = "x".repeat(1 + random.nextInt(20));
      said += text.length();
      verdict = say(meter, 0, text);
    }

    assertThat(said).as("seed %d", seed).isBetween(most + 1, most + 20);
  }
}
