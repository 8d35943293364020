package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.text;

import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import java.util.Optional;

/// Takes a message. It is accepted by the insert of one document, the user's entry, which has the
/// intent to answer it and its session as it then is; the session follows. A process that dies in
/// between leaves a turn to be ended, and that brings the session up to date too.
record Acceptance(Round round, SessionRecord session, TurnRecord turn, String process) {
  Accepted accept() {
    round.lock(session.id());
    var entry = TurnDocuments.accepted(session, turn, process);
    if (!Writes.insertNew(round.messages(), entry) && !isThere()) {
      return repeated()
          .<Accepted>map(Accepted.Repeated::new)
          .orElseThrow(() -> new StorageException("its place in the session is taken"));
    }
    SessionDocuments.advance(round, session);
    if (!turn.running()) {
      var writes = new AnswerWrites(round, session.id(), turn.messageId(), turn.epoch());
      if (writes.prepare()) {
        writes.finish(turn.userMessageId());
      }
    }
    return new Accepted.New();
  }

  /// Whether it was this very turn that had been inserted before.
  private boolean isThere() {
    return TurnDocuments.find(round, session.id(), turn.userMessageId(), TurnDocuments.USER)
        .filter(user -> text(TurnDocuments.turn(user), "id").equals(turn.messageId().value()))
        .isPresent();
  }

  private Optional<TurnRecord> repeated() {
    return turn.clientMessageId()
        .flatMap(id ->
            TurnDocuments.findByKey(round, session.id(), TurnDocuments.key(turn.sender(), id)));
  }
}
