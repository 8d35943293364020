package dev.askape.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
  @Test
  void readsIds() {
    assertThat(Query.id("userId", "anna@x.org")).isEqualTo("anna@x.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "é", "../x"})
  void refusesWhatIsNoId(String text) {
    assertThatThrownBy(() -> Query.id("userId", text))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("userId");
  }

  @Test
  void readsInstants() {
    assertThat(Query.instant("before", "2026-01-31T12:00:00.5Z"))
        .isEqualTo(Instant.parse("2026-01-31T12:00:00.500Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "2026-01-31", "2026-13-31T12:00:00Z", "1700000000000"})
  void refusesWhatIsNoInstant(String text) {
    assertThatThrownBy(() -> Query.instant("before", text))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("before");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "007, 7", "100, 100", "101, 100", "999999999, 100"})
  void readsNumbersUpToTheMost(String text, int number) {
    assertThat(Query.number("limit", text, 100)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "000", "-1", "+1", "1.5", "1e3", " 1", "٣", "1000000000", "ten"})
  void refusesWhatIsNoNumber(String text) {
    assertThatThrownBy(() -> Query.number("limit", text, 100))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("limit");
  }
}
