package dev.askape.gateway;

import dev.askape.chat.Answer;
import dev.askape.chat.ModelId;
import dev.askape.chat.Said;
import dev.askape.chat.Turn;
import java.util.Map;

/// A viewer's position in one answer: what of it has been sent. Confined to the socket's event
/// loop.
final class AnswerCursor {
  private final Turn turn;
  private final Answer answer;
  private final AnswerRendering rendering;
  private final Pace pace;

  private boolean started;
  private boolean ended;
  private int textByte;
  private int textChar;
  private long textSentAt;
  private int thoughtByte;
  private int thoughtChar;
  private long thoughtSentAt;

  /// @param cursors what the client already has of each answer
  AnswerCursor(
      Turn turn,
      Answer answer,
      AnswerRendering rendering,
      Pace pace,
      Map<String, Integer> cursors) {
    this.turn = turn;
    this.answer = answer;
    this.rendering = rendering;
    this.pace = pace;
    skipTo(cursors.getOrDefault(answer.id().value(), 0));
  }

  /// A cursor that is too large counts as 0; one inside a surrogate pair as before it.
  private void skipTo(int offset) {
    var said = answer.said();
    if (offset > said.length()) {
      return;
    }
    textChar =
        offset > 0 && Character.isHighSurrogate(said.charAt(offset - 1)) ? offset - 1 : offset;
    textByte = EncodedText.encodedLength(said, textChar);
  }

  boolean isOf(ModelId model) {
    return answer.modelId().equals(model);
  }

  boolean hasEnded() {
    return ended;
  }

  /// Sends what is due.
  ///
  /// @return whether something is left that will be due at a later beat
  boolean drain(Outlet outlet, long now) {
    if (ended || !answer.isStarted() || !outlet.takesMore()) {
      return false;
    }
    if (!started) {
      outlet.send(ServerEvents.modelStreamingStart(turn, answer));
      started = true;
    }
    var ending = answer.ending(); // before the texts, which do not change any more once it is there
    boolean left = drainThoughts(outlet, now, ending.isPresent());
    left |= drainText(outlet, now, ending.isPresent());
    if (!left && ending.isPresent() && isDrained() && outlet.takesMore()) {
      outlet.send(ServerEvents.answerEnded(turn, answer, ending.get()));
      ended = true;
    }
    return left;
  }

  private boolean isDrained() {
    return textChar == answer.said().length() && thoughtChar == answer.reasoning().length();
  }

  private boolean drainThoughts(Outlet outlet, long now, boolean last) {
    var said = answer.reasoning();
    if (said.length() <= thoughtChar) {
      return false;
    }
    if (!isDue(thoughtSentAt, now, 0, last)) {
      return true;
    }
    if (outlet.takesMore()) {
      var to = rendering.reasoning.upTo(said);
      outlet.send(ChunkFrames.thinking(rendering, thoughtByte, thoughtChar, to));
      thoughtByte = to.length();
      thoughtChar = to.chars();
      thoughtSentAt = now;
    }
    return false;
  }

  private boolean drainText(Outlet outlet, long now, boolean last) {
    Said said = answer.said();
    if (said.length() <= textChar) {
      return false;
    }
    if (!isDue(textSentAt, now, pace.isFull() ? textByte : 0, last)) {
      return true;
    }
    if (outlet.takesMore()) {
      var to = rendering.text.upTo(said);
      outlet.send(
          pace.isFull()
              ? ChunkFrames.full(rendering, textByte, to)
              : ChunkFrames.delta(rendering, textByte, textChar, to));
      textByte = to.length();
      textChar = to.chars();
      textSentAt = now;
    }
    return false;
  }

  /// The first chunk is due at once, further ones when the last lies back far enough; for the last
  /// one of an answer the cost of repeating it does not count.
  private boolean isDue(long sentAt, long now, int repeatedBytes, boolean last) {
    return sentAt == 0 || now - sentAt >= pace.nanosBetween(last ? 0 : repeatedBytes);
  }
}
