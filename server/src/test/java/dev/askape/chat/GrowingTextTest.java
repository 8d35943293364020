package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowingTextTest {
  private final GrowingText text = new GrowingText();

  @Test
  void isEmptyAtFirst() {
    assertThat(text.said().isEmpty()).isTrue();
    assertThat(text.said().whole()).isEmpty();
    assertThat(text.said().fragments()).isZero();
  }

  @Test
  void growsByFragments() {
    text.append("Hello ");
    text.append("world");

    assertThat(text.said().whole()).isEqualTo("Hello world");
    assertThat(text.said().from(6)).isEqualTo("world");
    assertThat(text.said().from(11)).isEmpty();
    assertThat(text.said().fragments()).isEqualTo(2);
  }

  @Test
  void putsPairTogetherThatComesInTwoFragments() {
    text.append("a\uD83D");
    assertThat(text.said().whole()).isEqualTo("a");

    text.append("\uDE00b");
    assertThat(text.said().whole()).isEqualTo("a😀b");
    assertThat(text.said().fragments()).isEqualTo(2);
  }

  @Test
  void publishesNothingForFirstHalfAlone() {
    text.append("\uD83D");

    assertThat(text.said().isEmpty()).isTrue();
    assertThat(text.said().fragments()).isZero();
  }

  @Test
  void replacesFirstHalfWhoseOtherHalfNeverComes() {
    text.append("a\uD83D");
    text.append("b");
    assertThat(text.said().whole()).isEqualTo("a\uFFFDb");

    text.append("c\uD83D");
    text.end();
    assertThat(text.said().whole()).isEqualTo("a\uFFFDbc\uFFFD");
  }

  @Test
  void replacesSecondHalfWithoutFirst() {
    text.append("\uDE00");
    text.append("\uD83D\uD83D\uDE00");

    assertThat(text.said().whole()).isEqualTo("\uFFFD\uFFFD😀");
  }

  @Test
  void endsOnlyOnce() {
    text.append("\uD83D");
    text.end();
    text.end();

    assertThat(text.said().whole()).isEqualTo("\uFFFD");
  }

  @Test
  void keepsWhatAReaderHasSeen() {
    text.append("first");
    var before = text.said();
    text.append("x".repeat(100_000));

    assertThat(before.whole()).isEqualTo("first");
    assertThat(before.fragments()).isEqualTo(1);
    assertThat(before.charAt(4)).isEqualTo('t');
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isTheWellFormedTextHoweverItIsCut(long seed) {
    var random = new Random(seed);
    var texts = new RandomTexts(random);
    for (int round = 0; round < 200; round++) {
      var growing = new GrowingText();
      var all = texts.anything(random.nextInt(60));
      var fragments = texts.fragments(all);
      var shown = "";
      for (var fragment : fragments) {
        growing.append(fragment);
        var now = growing.said().whole();
        assertThat(now).as("seed %s", seed).startsWith(shown);
        shown = now;
      }
      growing.end();

      assertThat(growing.said().whole()).as("seed %s", seed).isEqualTo(WellFormed.text(all));
    }
  }

  @Test
  void showsReadersOnlyPrefixes() throws Exception {
    var fragments = new RandomTexts(new Random(42)).fragments("😀ab€\n".repeat(20_000));
    var whole = "😀ab€\n".repeat(20_000);
    var done = new AtomicBoolean();
    Callable<Integer> reader =
        () -> {
          int last = 0;
          int lastFragments = 0;
          while (true) {
            boolean over = done.get();
            var said = text.said();
            assertThat(said.length()).isGreaterThanOrEqualTo(last);
            assertThat(said.fragments()).isGreaterThanOrEqualTo(lastFragments);
            assertThat(whole.startsWith(said.from(last), last)).isTrue();
            assertThat(Character.isHighSurrogate(lastChar(said))).isFalse();
            last = said.length();
            lastFragments = said.fragments();
            if (over) {
              return last;
            }
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var readers = new ArrayList<>(List.of(threads.submit(reader), threads.submit(reader)));
      fragments.forEach(text::append);
      text.end();
      done.set(true);
      for (var read : readers) {
        assertThat(read.get()).isEqualTo(whole.length());
      }
    }
    assertThat(text.said().fragments()).isEqualTo(fragments.size());
  }

  private static char lastChar(Said said) {
    return said.isEmpty() ? ' ' : said.charAt(said.length() - 1);
  }
}
