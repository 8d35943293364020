package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.number;
import static dev.askape.storage.mongo.Values.text;

import dev.askape.chat.AnswerId;
import dev.askape.chat.ErrorId;
import dev.askape.chat.Hold;
import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import dev.askape.chat.Usage;
import dev.askape.storage.mongo.KnownTurns.Known;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/// Ends a turn whose owner is dead, with what its answers had said.
///
/// @param process who does it, and is the owner until it is done
record Interruption(Round round, String process) {
  /// An answer that was ended.
  record Ended(MessageId turn, AnswerId answer, String errorId) {}

  /// Turns whose owner is none of `alive`, at most so many.
  static List<Document> abandoned(Round round, List<String> alive, int atMost) {
    return round
        .messages()
        .find(new Document("turn.owner", new Document("$gt", "").append("$nin", alive)))
        .limit(atMost)
        .into(new ArrayList<>());
  }

  /// Ends one turn.
  ///
  /// @param user the entry of a user whose turn was abandoned
  /// @return what was ended; empty if somebody else was faster
  Optional<List<Ended>> of(Document user) {
    var session = TurnDocuments.session(user);
    round.lock(session);
    var intent = TurnDocuments.turn(user);
    var turn = new MessageId(text(intent, "id"));
    var answers = TurnDocuments.find(round, session, turn, TurnDocuments.AI);
    long epoch =
        1 + Math.max(number(intent, "epoch"), answers.map(ai -> number(ai, "epoch")).orElse(0L));
    if (!claim(user, intent, epoch)) {
      return Optional.empty();
    }
    var writes = new AnswerWrites(round, session, turn, epoch);
    var entry = writes.fence();
    if (entry.isEmpty() && writes.prepare() instanceof AnswerWrites.Written.Done) {
      entry = writes.fence();
    }
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    var ended = endAll(user, entry.get(), writes);
    repairSession(session, intent);
    writes.finish(new MessageId(text(user, "_id")));
    return Optional.of(ended);
  }

  private boolean claim(Document user, Document intent, long epoch) {
    return round
            .messages()
            .updateOne(
                new Document("_id", text(user, "_id"))
                    .append("sessionId", text(user, "sessionId"))
                    .append("turn.owner", text(intent, "owner"))
                    .append("turn.epoch", intent.get("epoch")),
                new Document(
                    "$set", new Document("turn.owner", process).append("turn.epoch", epoch)))
            .getMatchedCount()
        > 0;
  }

  private List<Ended> endAll(Document user, Document entry, AnswerWrites writes) {
    var turn = Known.of(user);
    var accounts = new Accounts(round);
    var holds = accounts.holds(turn.payer());
    var ended = new ArrayList<Ended>();
    var ends = new ArrayList<Document>();
    var used = new LinkedHashMap<String, Usage>();
    for (var answer : entry.getList("aiResponses", Document.class, List.of())) {
      var id = text(answer, "id");
      if (AnswerDocuments.state(answer).isTerminal()) {
        used.put(id, AnswerDocuments.booked(answer));
      } else {
        var errorId = ErrorId.fresh();
        var parts = entry.get("parts", new Document()).getList(id, Document.class, List.of());
        var said = AnswerDocuments.read(answer, parts);
        var charged = holds.getOrDefault(id, Hold.NOTHING).forfeited(said.seen());
        var end = AnswerDocuments.of(said.interrupted(charged, errorId));
        ends.add(AnswerDocuments.charged(end, charged));
        used.put(id, charged);
        ended.add(new Ended(writes.turn(), new AnswerId(id), errorId));
      }
    }
    if (!ends.isEmpty()) {
      writes.endAll(ends);
    }
    accounts.book(turn, used);
    return ended;
  }

  /// A process that died between the message and its session left the session behind.
  private void repairSession(SessionId id, Document intent) {
    var session = intent.get("session", Document.class);
    if (session != null) {
      SessionDocuments.advance(round, id, session);
    }
  }
}
