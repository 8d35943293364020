package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.instant;
import static dev.askape.storage.mongo.Values.number;
import static dev.askape.storage.mongo.Values.put;
import static dev.askape.storage.mongo.Values.text;

import dev.askape.chat.Participant;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.WellFormed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/// Sessions.
final class SessionDocuments {
  private SessionDocuments() {}

  static Optional<SessionRecord> find(Round round, SessionId id) {
    return Optional.ofNullable(round.sessions().find(named(id)).first())
        .map(SessionDocuments::read);
  }

  static List<SessionRecord> list(
      Round round, List<Party> owners, Optional<Instant> before, int limit) {
    if (owners.isEmpty() || limit <= 0) {
      return List.of();
    }
    var keys = owners.stream().map(Values::key).distinct().toList();
    long end = before.map(Values::nanos).orElse(Long.MAX_VALUE);
    var filter =
        new Document("owner", keys.size() == 1 ? keys.getFirst() : new Document("$in", keys))
            .append("activity", new Document("$lt", end));
    var found = new ArrayList<SessionRecord>();
    for (var document :
        round
            .sessions()
            .find(filter)
            .sort(new Document("activity", -1).append("_id", -1))
            .limit(limit)) {
      found.add(read(document));
    }
    return found;
  }

  /// The ids after one, in their order.
  static List<SessionId> listIds(Round round, Optional<SessionId> after, int limit) {
    var filter = new Document();
    after.ifPresent(id -> filter.append("_id", new Document("$gt", id.value())));
    return ids(round, filter, new Document("_id", 1), limit);
  }

  static List<SessionId> listIdleGuests(Round round, Instant before, int limit) {
    var filter =
        new Document("ownerKind", Values.GUEST_KIND)
            .append("activity", new Document("$lt", Values.nanos(before)));
    return ids(round, filter, new Document("activity", 1), limit);
  }

  private static List<SessionId> ids(Round round, Document filter, Document order, int limit) {
    var found = new ArrayList<SessionId>();
    if (limit > 0) {
      for (var document :
          round
              .sessions()
              .find(filter)
              .sort(order)
              .limit(limit)
              .projection(new Document("sessionId", 1))) {
        found.add(new SessionId(text(document, "sessionId")));
      }
    }
    return found;
  }

  /// Writes the session unless it is already further on.
  static void advance(Round round, SessionRecord session) {
    advance(round, session.id(), of(session));
  }

  static void advance(Round round, SessionId id, Document session) {
    var fields = new Document(session);
    fields.remove("_id");
    var behind = named(id).append("lastSeq", new Document("$lt", number(session, "lastSeq")));
    var updated = round.sessions().updateOne(behind, new Document("$set", fields));
    if (updated.getMatchedCount() == 0) {
      // Not there, or further on; an upsert would say the second as an error too.
      Writes.insertNew(round.sessions(), session);
    }
  }

  static void changeOwner(Round round, SessionId id, Party from, Party to) {
    var fields = new Document();
    putOwner(fields, to);
    var change = new Document("$set", fields);
    switch (to) {
      case Party.User _ -> change.append("$unset", new Document("guestId", ""));
      case Party.Guest _ -> change.append("$unset", new Document("userId", ""));
    }
    round.sessions().updateOne(named(id).append("owner", Values.key(from)), change);
  }

  static boolean delete(Round round, SessionId id) {
    return round.sessions().deleteOne(named(id)).getDeletedCount() > 0;
  }

  static Document of(SessionRecord session) {
    var document = named(session.id());
    putOwner(document, session.owner());
    document
        .append(
            "participants",
            session.participants().stream()
                .map(one ->
                    new Document("userId", one.user().id())
                        .append("name", WellFormed.text(one.name())))
                .toList())
        .append("title", WellFormed.text(session.title()))
        .append("messageCount", session.messageCount())
        .append("lastSeq", session.lastSeq());
    put(document, "createdAt", session.createdAt());
    put(document, "updatedAt", session.updatedAt());
    return document.append("activity", Values.nanos(session.updatedAt()));
  }

  private static Document named(SessionId id) {
    return new Document("_id", id.value()).append("sessionId", id.value());
  }

  private static void putOwner(Document in, Party owner) {
    in.append("owner", Values.key(owner))
        .append("ownerId", owner.id())
        .append("ownerKind", Values.kind(owner));
    put(in, owner);
  }

  private static SessionRecord read(Document from) {
    return new SessionRecord(
        new SessionId(text(from, "sessionId")),
        Values.party(from),
        from.getList("participants", Document.class, List.of()).stream()
            .map(one -> new Participant(new Party.User(text(one, "userId")), text(one, "name")))
            .toList(),
        text(from, "title"),
        number(from, "messageCount"),
        number(from, "lastSeq"),
        instant(from, "createdAt"),
        instant(from, "updatedAt"));
  }
}
