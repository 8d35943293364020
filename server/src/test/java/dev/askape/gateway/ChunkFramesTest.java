package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.HandSession;
import dev.askape.chat.MovedClock;
import org.junit.jupiter.api.Test;

class ChunkFramesTest {
  private final HandSession hand = new HandSession("s", new MovedClock());
  private final HandSession.HandTurn turn = hand.post("q", "maker/\"m\" 😀");
  private final AnswerRendering rendering =
      new AnswerRendering.Cache().of(turn.turn(), turn.answer(0));

  private EncodedText.Prefix now() {
    return rendering.text.upTo(turn.answer(0).said());
  }

  @Test
  void repeatTheWholeTextInFull() {
    turn.says(0, "Say \"");
    var before = now();
    turn.says(0, "hé\"\n😀");

    var chunk = Sent.of(ChunkFrames.full(rendering, before.length(), now()));

    assertThat(chunk.event()).isEqualTo("message_chunk");
    assertThat(chunk.text("chunk")).isEqualTo("hé\"\n😀");
    assertThat(chunk.text("fullContent")).isEqualTo("Say \"hé\"\n😀");
    assertThat(chunk.number("chunkIndex")).isEqualTo(2);
    assertThat(chunk.text("sessionId")).isEqualTo("s");
    assertThat(chunk.text("messageId")).isEqualTo(turn.turn().messageId().value());
    assertThat(chunk.text("modelId")).isEqualTo("maker/\"m\" 😀");
    assertThat(chunk.text("modelName")).isEqualTo("\"m\" 😀");
    assertThat(chunk.text("id")).isEqualTo(turn.answer(0).id().value());
    assertThat(chunk.payload()).hasSize(8);
  }

  @Test
  void sayOnlyWhatIsNewAndWhereInDelta() {
    turn.says(0, "😀é");
    var before = now();
    turn.says(0, "\"x\"");

    var chunk = Sent.of(ChunkFrames.delta(rendering, before.length(), before.chars(), now()));

    assertThat(chunk.event()).isEqualTo("message_chunk");
    assertThat(chunk.payload())
        .isEqualTo(
            Sent.parsed(
                """
                {"id": "s/1/0", "offset": 3, "chunk": "\\"x\\"", "chunkIndex": 2}\
                """));
  }

  @Test
  void keepThoughtsApart() {
    turn.says(0, "answer").thinks(0, "h\"m");
    var to = rendering.reasoning.upTo(turn.answer(0).reasoning());

    var chunk = Sent.of(ChunkFrames.thinking(rendering, 1, 1, to));

    assertThat(chunk.event()).isEqualTo("model_thinking");
    assertThat(chunk.text("chunk")).isEqualTo("\"m");
    assertThat(chunk.number("offset")).isEqualTo(1);
    assertThat(chunk.text("id")).isEqualTo("s/1/0");
    assertThat(chunk.payload().has("fullContent")).isFalse();
  }

  @Test
  void areEncodedOnceForViewersAtTheSamePosition() {
    turn.says(0, "hello");
    var to = now();

    var full = ChunkFrames.full(rendering, 0, to);
    assertThat(ChunkFrames.full(rendering, 0, to)).isSameAs(full);
    assertThat(ChunkFrames.full(rendering, 2, to)).isNotSameAs(full);

    var delta = ChunkFrames.delta(rendering, 0, 0, to);
    assertThat(delta).isNotSameAs(full);
    assertThat(ChunkFrames.delta(rendering, 0, 0, to)).isSameAs(delta);
  }

  @Test
  void areNotConfusedWithThoseOfAnotherPosition() {
    turn.says(0, "hello");
    var first = now();
    var one = ChunkFrames.delta(rendering, 0, 0, first);
    turn.says(0, " you");

    assertThat(Sent.of(ChunkFrames.delta(rendering, 0, 0, now())).text("chunk"))
        .isEqualTo("hello you");
    assertThat(Sent.of(one).text("chunk")).isEqualTo("hello");
  }

  @Test
  void comeFromOneRenderingPerAnswer() {
    var cache = new AnswerRendering.Cache();

    assertThat(cache.of(turn.turn(), turn.answer(0)))
        .isSameAs(cache.of(turn.turn(), turn.answer(0)));
  }
}
