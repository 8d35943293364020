package dev.askape.tokens;

import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class O200kTokensTest {
  private static final O200kTokens TOKENS = O200kTokens.load();

  @BeforeAll
  static void awaitTables() {
    soon().until(() -> TOKENS.count("Hello world") == 2); // three until they are there
  }

  @Test
  void countsAsTheEncodingDoes() {
    assertThat(TOKENS.count("")).isZero();
    assertThat(TOKENS.count("tiktoken is great!")).isEqualTo(6);
    assertThat(TOKENS.count("<|endoftext|>")).as("is text like any other").isGreaterThan(1);
  }

  @Test
  void countsRoughlyUntilItsTablesAreThere() {
    var loading = O200kTokens.load();

    assertThat(loading.count("x".repeat(41))).isIn(11, TOKENS.count("x".repeat(41)));
    assertThat(loading.count("")).isZero();
  }

  /// What somebody could send to keep a core busy: a message, and an answer of half a megabyte.
  @ParameterizedTest
  @ValueSource(strings = {"a", "1", " ", "!", "漢", "😀", "' "})
  void doesNotTakeLongForAnyText(String piece) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(TOKENS.count(piece.repeat(32_000 / piece.length()))).isPositive();
          assertThat(TOKENS.count(piece.repeat(500_000 / piece.length()))).isPositive();
        });
  }
}
