package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WellFormedTest {
  @Test
  void leavesWellFormedTextAsItIs() {
    var text = "plain, 漢字, \u0000 and 😀";

    assertThat(WellFormed.text(text)).isSameAs(text);
    assertThat(WellFormed.text("")).isEmpty();
  }

  @Test
  void replacesLoneHalvesOnly() {
    assertThat(WellFormed.text("\uD83D")).isEqualTo("\uFFFD");
    assertThat(WellFormed.text("a\uDE00b😀\uD83D\uD83D\uDE00")).isEqualTo("a\uFFFDb😀\uFFFD😀");
    assertThat(WellFormed.text("\uDE00\uD83D")).isEqualTo("\uFFFD\uFFFD");
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void agreesWithASimpleModel(long seed) {
    var random = new Random(seed);
    var texts = new RandomTexts(random);
    for (int round = 0; round < 1_000; round++) {
      var text = texts.anything(random.nextInt(30));

      assertThat(WellFormed.text(text)).as("seed %s", seed).isEqualTo(byCodePoints(text));
    }
  }

  /// A surrogate that is a code point by itself is a lone one.
  private static String byCodePoints(String text) {
    var clean = new StringBuilder();
    text.codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  @ParameterizedTest
  @CsvSource({"abc,3,abc", "abc,2,ab", "a😀b,2,a", "a😀b,3,a😀", "😀,1,''", "'',5,''"})
  void cutsOnACodePoint(String text, int limit, String cut) {
    assertThat(WellFormed.cut(text, limit)).isEqualTo(cut);
  }
}
