package dev.askape.gateway;

import dev.askape.chat.ModelId;
import dev.askape.chat.Turn;
import java.util.List;
import java.util.Map;

/// A viewer's position in one turn: from `streaming_started` to `all_responses_complete`. Confined
/// to the socket's event loop.
final class TurnCursor {
  private final Turn turn;
  private final List<AnswerCursor> answers;
  private final boolean needsLog;
  private boolean announced;
  private boolean done;

  TurnCursor(Turn turn, AnswerRendering.Cache renderings, Pace pace, Map<String, Integer> cursors) {
    this.turn = turn;
    this.needsLog = !turn.isOver();
    this.answers =
        turn.answers().stream()
            .map(answer ->
                new AnswerCursor(turn, answer, renderings.of(turn, answer), pace, cursors))
            .toList();
  }

  Turn turn() {
    return turn;
  }

  /// Whether it has told how the model's answer ended; true too when the model is none of the
  /// turn's.
  boolean hasTold(ModelId model) {
    return answers.stream().filter(answer -> answer.isOf(model)).allMatch(AnswerCursor::hasEnded);
  }

  /// Whether it was begun while the turn ran, so that it is one of those that keep the log long.
  boolean needsLog() {
    return needsLog;
  }

  boolean isDone() {
    return done;
  }

  /// Sends what is due.
  ///
  /// @return whether something is left that will be due at a later beat
  boolean drain(Outlet outlet, long now) {
    if (done || !outlet.takesMore() || !turn.mayBeTold()) {
      return false;
    }
    if (!announced) {
      outlet.send(ServerEvents.streamingStarted(turn));
      announced = true;
    }
    boolean over = turn.isOver(); // before the answers, all of which have ended then
    boolean left = false;
    boolean allEnded = true;
    for (var answer : answers) {
      left |= answer.drain(outlet, now);
      allEnded &= answer.hasEnded();
    }
    if (over && allEnded && outlet.takesMore()) {
      outlet.send(ServerEvents.allResponsesComplete(turn));
      done = true;
    }
    return left;
  }
}
