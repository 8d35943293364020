package dev.askape.storage.spool;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;

/// What came of giving a message to the primary store, perhaps not for the first time.
sealed interface Pushed {
  /// It has it, once.
  record Taken() implements Pushed {}

  /// It has another message of this sender with the same `clientMessageId`.
  record Repeated(TurnRecord first) implements Pushed {}

  /// Somebody else has taken its place in the session.
  ///
  /// @param lastSeq the newest sequence number there
  record PlaceTaken(long lastSeq) implements Pushed {}

  /// Its sender's account cannot hold it.
  record OverBudget() implements Pushed {}

  record Refused(String reason) implements Pushed {}

  /// Gives a message to the store. That it was given before is found out, and is success.
  static Pushed to(
      ConversationStore store, SessionRecord session, TurnRecord turn, Reservation reservation) {
    try {
      return switch (store.accept(session, turn, reservation)) {
        case Accepted.New _ -> new Taken();
        case Accepted.OverBudget _ -> new OverBudget();
        case Accepted.Repeated(var first) ->
            first.messageId().equals(turn.messageId()) ? new Taken() : new Repeated(first);
      };
    } catch (RecordRefusedException e) {
      if (store.findTurn(turn.sessionId(), turn.messageId()).isPresent()) {
        return new Taken();
      }
      var there = store.listTurns(turn.sessionId(), turn.seq() + 1, 1);
      if (!there.isEmpty() && there.getFirst().seq() == turn.seq()) {
        long last = store.listTurns(turn.sessionId(), Long.MAX_VALUE, 1).getFirst().seq() + 1;
        return new PlaceTaken(last);
      }
      return new Refused(String.valueOf(e.getMessage()));
    }
  }
}
