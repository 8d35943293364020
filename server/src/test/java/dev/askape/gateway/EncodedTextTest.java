package dev.askape.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.HandSession;
import dev.askape.chat.MovedClock;
import dev.askape.chat.RandomTexts;
import dev.askape.chat.Said;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedTextTest {
  private final EncodedText encoded = new EncodedText();

  private static Said said(String text) {
    return new Said(text.toCharArray(), text.length(), 1);
  }

  private static String decoded(EncodedText.Prefix prefix) {
    return Sent.parsed('"' + new String(prefix.bytes(), 0, prefix.length(), UTF_8) + '"')
        .textValue();
  }

  @Test
  void isNothingAtFirst() {
    var prefix = encoded.upTo(said(""));

    assertThat(prefix.length()).isZero();
    assertThat(prefix.chars()).isZero();
  }

  @Test
  void isTheInsideOfAJsonString() {
    var prefix = encoded.upTo(said("a\"b\\c\n\r\t\u0000\u001f/é漢😀\u2028"));

    assertThat(new String(prefix.bytes(), 0, prefix.length(), UTF_8))
        .isEqualTo("a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f/é漢😀\u2028");
  }

  @Test
  void encodesEveryCharacterSoThatItComesBack() {
    var all = new StringBuilder();
    for (int point = 0; point <= 0x10FFFF; point += point < 0x3000 ? 1 : 97) {
      if (point < 0xD800 || point > 0xDFFF) {
        all.appendCodePoint(point);
      }
    }

    assertThat(decoded(encoded.upTo(said(all.toString())))).isEqualTo(all.toString());
  }

  @Test
  void keepsWhatWasReadBeforeItGrew() {
    var first = encoded.upTo(said("first"));
    var bytes = Arrays.copyOf(first.bytes(), first.length());
    encoded.upTo(said("first and " + "x".repeat(100_000)));

    assertThat(Arrays.copyOf(first.bytes(), first.length())).isEqualTo(bytes);
    assertThat(decoded(first)).isEqualTo("first");
  }

  @Test
  void mayKnowMoreThanTheOneWhoAsks() {
    encoded.upTo(said("all of it"));

    var prefix = encoded.upTo(said("all"));

    assertThat(decoded(prefix)).isEqualTo("all of it");
    assertThat(prefix.chars()).isEqualTo(9);
  }

  @Test
  void encodesNothingTwice() {
    var all = said("some text");
    var first = encoded.upTo(all);

    assertThat(encoded.upTo(all)).isSameAs(first);
  }

  @Test
  void tellsTheLengthOfAPrefix() {
    var text = said("a\"é漢😀z");

    assertThat(EncodedText.encodedLength(text, 0)).isZero();
    assertThat(EncodedText.encodedLength(text, 2)).isEqualTo(3);
    assertThat(EncodedText.encodedLength(text, 4)).isEqualTo(8);
    assertThat(EncodedText.encodedLength(text, 6)).isEqualTo(12);
    assertThat(EncodedText.encodedLength(text, 7)).isEqualTo(13);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void comesBackHoweverItGrewAndWhereverItIsCut(long seed) {
    var random = new Random(seed);
    var texts = new RandomTexts(random);
    for (int round = 0; round < 40; round++) {
      var hand = new HandSession("s", new MovedClock());
      var turn = hand.post("q", "m");
      var text = texts.wellFormed(120);
      var growing = new EncodedText();
      var before = growing.upTo(turn.answer(0).said());
      var slices = new StringBuilder();
      for (var fragment : texts.fragments(text)) {
        turn.says(0, fragment);
        if (random.nextBoolean()) {
          var now = growing.upTo(turn.answer(0).said());
          slices.append(slice(before, now));
          before = now;
        }
      }
      turn.completes(0);
      var last = growing.upTo(turn.answer(0).said());
      slices.append(slice(before, last));

      assertThat(decoded(last)).as("seed %s", seed).isEqualTo(text);
      assertThat(slices).as("seed %s", seed).hasToString(text);
      assertThat(last.fragments()).isEqualTo(turn.answer(0).said().fragments());
      assertThat(EncodedText.encodedLength(turn.answer(0).said(), text.length()))
          .isEqualTo(last.length());
    }
  }

  /// What a chunk from one prefix to another says; a slice must be a string by itself.
  private static String slice(EncodedText.Prefix from, EncodedText.Prefix to) {
    int length = to.length() - from.length();
    return Sent.parsed('"' + new String(to.bytes(), from.length(), length, UTF_8) + '"')
        .textValue();
  }

  @Test
  void isTheSameForManyReadersAtOnce() throws Exception {
    var whole = "é\"漢😀\n".repeat(5_000);
    var hand = new HandSession("s", new MovedClock());
    var turn = hand.post("q", "m");
    Callable<Boolean> reader =
        () -> {
          while (true) {
            boolean over = turn.answer(0).ending().isPresent();
            var prefix = encoded.upTo(turn.answer(0).said());
            assertThat(whole).startsWith(decoded(prefix));
            assertThat(decoded(prefix)).hasSize(prefix.chars());
            if (over) {
              return prefix.chars() == whole.length();
            }
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var readers = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 3; i++) {
        readers.add(threads.submit(reader));
      }
      new RandomTexts(new Random(1)).fragments(whole).forEach(fragment -> turn.says(0, fragment));
      turn.completes(0);
      for (var one : readers) {
        assertThat(one.get()).isTrue();
      }
    }
  }
}
