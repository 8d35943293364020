package dev.askape.storage.sqlite;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.Reservation;
import dev.askape.chat.TurnRecord;
import java.util.List;

/// What the primary store has not confirmed of one turn.
///
/// @param turn as it is kept
/// @param asked its answers as they were when it was accepted
/// @param reservation what is still put aside for them, whatever the budget: they were accepted
/// @param message whether it has not confirmed the user's message itself
/// @param ends the answers whose ends it has not confirmed
public record SpooledTurn(
    TurnRecord turn,
    List<AnswerRecord> asked,
    Reservation reservation,
    boolean message,
    List<AnswerRecord> ends) {
  public SpooledTurn {
    asked = List.copyOf(asked);
    ends = List.copyOf(ends);
  }

  /// The turn as it was when it was accepted.
  public TurnRecord accepted() {
    return turn.withAnswers(asked, true);
  }
}
