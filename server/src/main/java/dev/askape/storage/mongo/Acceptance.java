package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.text;

import com.mongodb.MongoException;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import dev.askape.storage.mongo.KnownTurns.Known;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Takes a message. It is accepted by the insert of one document, the user's entry, which has the
/// intent to answer it and its session as it then is. What it may use is put aside before, where
/// there is a budget; the session follows. A process that dies in between leaves a turn to be
/// ended, which brings the session up to date too, or something put aside for no turn, which is
/// booked.
record Acceptance(
    Round round, SessionRecord session, TurnRecord turn, Reservation reservation, String process) {
  Accepted accept() {
    round.lock(session.id());
    boolean bounded = !reservation.holds().isEmpty();
    if (bounded) {
      var repeated = repeated();
      if (repeated.isPresent()) {
        return new Accepted.Repeated(repeated.get());
      }
      if (!accounts().reserve(turn, reservation, process)) {
        return new Accepted.OverBudget();
      }
    }
    if (!insert(bounded) && !isThere()) {
      if (bounded) {
        accounts().release(turn);
      }
      return repeated()
          .<Accepted>map(Accepted.Repeated::new)
          .orElseThrow(() -> new RecordRefusedException("its place in the session is taken"));
    }
    SessionDocuments.advance(round, session);
    if (!turn.running()) {
      finish();
    }
    return new Accepted.New();
  }

  private Accounts accounts() {
    return new Accounts(round);
  }

  private boolean insert(boolean bounded) {
    try {
      return Writes.insertNew(round.messages(), TurnDocuments.accepted(session, turn, process));
    } catch (MongoException e) {
      if (bounded) {
        giveBack(e);
      }
      throw e;
    }
  }

  /// What cannot be given back is booked when this process is gone.
  private void giveBack(MongoException why) {
    try {
      accounts().release(turn);
    } catch (MongoException | StorageException e) {
      why.addSuppressed(e);
    }
  }

  /// A turn all of whose answers have ended elsewhere.
  private void finish() {
    var writes = new AnswerWrites(round, session.id(), turn.messageId(), turn.epoch());
    if (writes.prepare() instanceof AnswerWrites.Written.Done) {
      var used = new LinkedHashMap<String, Usage>();
      turn.answers().forEach(answer -> used.put(answer.id().value(), answer.usage()));
      accounts().book(Known.of(turn), used);
      writes.finish(turn.userMessageId());
    }
  }

  /// Whether it was this very turn that had been inserted before.
  private boolean isThere() {
    return TurnDocuments.find(round, session.id(), turn.userMessageId(), TurnDocuments.USER)
        .filter(user -> text(TurnDocuments.turn(user), "id").equals(turn.messageId().value()))
        .isPresent();
  }

  /// The other turn that has the sender's id for this message.
  private Optional<TurnRecord> repeated() {
    return turn.clientMessageId()
        .flatMap(id ->
            TurnDocuments.findByKey(round, session.id(), TurnDocuments.key(turn.sender(), id)))
        .filter(other -> !other.messageId().equals(turn.messageId()));
  }
}
