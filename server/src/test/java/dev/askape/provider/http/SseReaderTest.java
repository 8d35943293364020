package dev.askape.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
  private final Recorded events = new Recorded();

  @Test
  void tellsTheDataOfEachEvent() {
    feed("data: one\n\ndata:two\r\n\r\ndata:  three\n\n");

    assertThat(events.all).containsExactly("one", "two", " three");
  }

  @Test
  void joinsSeveralDataLinesOfOneEvent() {
    feed("data: {\"a\":\ndata: 1}\n\n");

    assertThat(events.all).containsExactly("{\"a\":\n1}");
  }

  @Test
  void ignoresCommentsOtherFieldsAndTheByteOrderMark() {
    feed("\ufeffdata: a\n\n: PROCESSING\n\nevent: x\nid: 7\nretry: 5\ndata: b\nnonsense\n\n:\n\n");

    assertThat(events.all).containsExactly("a", "b");
  }

  @Test
  void takesABareJsonValueForAnEvent() {
    feed(
        "data: a\n\n{\"error\":\"x\"}\n\n{\n  \"error\": {\n  \"message\": \"y\" }\n}\ndata: b\n\n");

    assertThat(events.all)
        .containsExactly(
            "a", "{\"error\":\"x\"}", "{\n  \"error\": {\n  \"message\": \"y\" }\n}", "b");
  }

  @Test
  void tellsTheEndAlsoWithoutAnEmptyLineBeforeOrAfterIt() {
    feed("data: a\ndata: [DONE]");
    assertThat(events.all).containsExactly("a", "<done>");
  }

  @Test
  void takesWhatIsUnfinishedAtTheEndForWhole() {
    feed("data: a\n\ndata: b");

    assertThat(events.all).containsExactly("a", "b");
  }

  @Test
  void givesUpOnALineThatIsTooLong() {
    feed("data: a\n\ndata: " + "x".repeat(2_000) + "\n\ndata: b\n\n");

    assertThat(events.all).containsExactly("a", "<too long>");
  }

  @Test
  void givesUpOnAnEventOfTooManyLines() {
    feed(("data: " + "x".repeat(400) + "\n").repeat(3) + "\ndata: b\n\n");

    assertThat(events.all).containsExactly("<too long>");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64})
  void doesNotDependOnHowTheBytesAreCut(int max) {
    var stream = "data: héllo 😀 \u2028\r\n\r\n: c\n\ndata: 日本\ndata: 語\n\ndata: [DONE]\n\n";
    var bytes = stream.getBytes(StandardCharsets.UTF_8);
    var random = new Random(max);
    var reader = new SseReader(1_000, events);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(max));
      var part = Unpooled.directBuffer().writeBytes(bytes, at, length);
      reader.feed(part);
      part.release();
      at += length;
    }
    reader.end();

    assertThat(events.all).containsExactly("héllo 😀 \u2028", "日本\n語", "<done>");
  }

  private void feed(String stream) {
    var reader = new SseReader(1_000, events);
    reader.feed(Unpooled.copiedBuffer(stream, StandardCharsets.UTF_8));
    reader.end();
  }

  private static final class Recorded implements StreamReader.Values {
    final List<String> all = new ArrayList<>();

    @Override
    public void value(byte[] bytes, int start, int length) {
      all.add(new String(bytes, start, length, StandardCharsets.UTF_8));
    }

    @Override
    public void done() {
      all.add("<done>");
    }

    @Override
    public void tooLong() {
      all.add("<too long>");
    }
  }
}
