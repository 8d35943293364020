package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.number;
import static dev.askape.storage.mongo.Values.text;

import com.mongodb.MongoException;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.bson.BsonMaximumSizeExceededException;
import org.bson.Document;

/// What one owner of a turn writes of its answers. Every write is one update of the entry of the
/// answers that matches only while no newer owner has put its epoch there; an answer runs as long
/// as it has a place in `parts`, so that its first end is the one that counts.
///
/// @param epoch the owner's
record AnswerWrites(Round round, SessionId session, MessageId turn, long epoch) {
  private static final int ATTEMPTS = 3;
  private static final Document OUTLINE =
      new Document("aiResponses.id", 1)
          .append("aiResponses.place", 1)
          .append("aiResponses.attempt", 1)
          .append("aiResponses.state", 1)
          .append("userMessageId", 1)
          .append("epoch", 1);

  /// What became of a write.
  sealed interface Written {
    /// It is written.
    ///
    /// @param outline of the entry of the answers, as it is then
    record Done(Document outline) implements Written {}

    /// The turn is somebody else's.
    record Lost() implements Written {}

    /// The turn is gone with its session.
    record Gone() implements Written {}
  }

  /// Appends parts to the answers that run.
  ///
  /// @return false if the turn is somebody else's, or gone
  boolean append(List<AnswerPart> parts) {
    var byAnswer = new LinkedHashMap<String, List<Document>>();
    for (var part : parts) {
      byAnswer
          .computeIfAbsent(part.answerId().value(), _ -> new ArrayList<>())
          .add(AnswerDocuments.of(part));
    }
    var updates = new ArrayList<UpdateOneModel<Document>>();
    updates.add(new UpdateOneModel<>(mine(), new Document("$set", new Document("epoch", epoch))));
    byAnswer.forEach((answer, said) ->
        updates.add(
            new UpdateOneModel<>(
                running(answer),
                new Document(
                    "$push", new Document("parts." + answer, new Document("$each", said))))));
    for (int i = 0; i < ATTEMPTS; i++) {
      var written = round.messages().bulkWrite(updates, new BulkWriteOptions().ordered(true));
      if (written.getMatchedCount() > 0) {
        return true;
      }
      if (!(prepare() instanceof Written.Done)) {
        return false;
      }
    }
    throw new StorageException("the entry of the answers comes and goes");
  }

  /// Writes an answer's end.
  Written end(AnswerRecord answer) {
    try {
      return endWhole(answer);
    } catch (MongoException | BsonMaximumSizeExceededException e) {
      if (!Failures.isTooLarge(e)) {
        throw e;
      }
      return endWhole(TooLarge.cut(answer));
    }
  }

  private Written endWhole(AnswerRecord answer) {
    var document = AnswerDocuments.of(answer);
    for (int i = 0; i < ATTEMPTS; i++) {
      boolean ended = endRunning(answer, document);
      var outline = outline();
      if (outline.isEmpty()) {
        var prepared = prepare();
        if (!(prepared instanceof Written.Done)) {
          return prepared;
        }
        continue;
      }
      if (!ended && number(outline.get(), "epoch") > epoch) {
        return new Written.Lost();
      }
      var answers = outline.get().getList("aiResponses", Document.class, List.of());
      if (ended || has(answers, answer) || replace(answers, answer, document)) {
        return new Written.Done(outline.get());
      }
    }
    throw new StorageException("the entry of the answers comes and goes");
  }

  private boolean endRunning(AnswerRecord answer, Document document) {
    var id = answer.id().value();
    var change =
        new Document(
                "$set",
                new Document("epoch", epoch).append("aiResponses." + answer.place(), document))
            .append("$unset", new Document("parts." + id, ""))
            .append("$inc", new Document("tokensUsed", number(document, "tokensUsed")));
    return round.messages().updateOne(running(id), change).getMatchedCount() > 0;
  }

  private static boolean has(List<Document> answers, AnswerRecord answer) {
    return answers.stream().anyMatch(one -> text(one, "id").equals(answer.id().value()));
  }

  /// Puts the answer in the place of the one that was there before, which is kept beside it as long
  /// as both fit into a document.
  private boolean replace(List<Document> answers, AnswerRecord answer, Document document) {
    int place = answer.place();
    if (place >= answers.size()) {
      throw new StorageException("the turn has no place " + place);
    }
    var old = answers.get(place);
    if (number(old, "attempt") >= answer.attempt()) {
      return true; // a newer one is there
    }
    var whole = round.messages().find(named()).projection(new Document("aiResponses", 1)).first();
    if (whole == null) {
      return false;
    }
    var replaced = whole.getList("aiResponses", Document.class, List.of()).get(place);
    var guard = mine().append("aiResponses." + place + ".id", text(old, "id"));
    var change =
        new Document("$set", new Document("epoch", epoch).append("aiResponses." + place, document))
            .append("$unset", new Document("parts." + text(old, "id"), ""))
            .append(
                "$inc",
                new Document(
                    "tokensUsed", number(document, "tokensUsed") - number(replaced, "tokensUsed")))
            .append("$push", new Document("replacedResponses", replaced));
    return round.messages().updateOne(guard, change).getMatchedCount() > 0;
  }

  /// Makes sure that the entry of the answers is there, with this owner's epoch or an older one.
  Written prepare() {
    var user = TurnDocuments.findUser(round, session, turn);
    if (user.isEmpty()) {
      return new Written.Gone();
    }
    if (number(TurnDocuments.turn(user.get()), "epoch") > epoch) {
      return new Written.Lost();
    }
    if (Writes.insertNew(round.messages(), TurnDocuments.answers(user.get(), epoch))
        && TurnDocuments.findUser(round, session, turn).isEmpty()) {
      round.messages().deleteOne(named()); // the session was deleted meanwhile
      return new Written.Gone();
    }
    return outline()
        .map(
            entry -> number(entry, "epoch") <= epoch ? new Written.Done(entry) : new Written.Lost())
        .orElseGet(Written.Gone::new);
  }

  /// Keeps all older owners from writing.
  ///
  /// @return the entry of the answers as nobody else writes it any more; empty if it is gone, or a
  ///   newer owner's
  Optional<Document> fence() {
    return Optional.ofNullable(
        round
            .messages()
            .findOneAndUpdate(
                mine(),
                new Document("$set", new Document("epoch", epoch)),
                new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER)));
  }

  /// Ends all answers that still run, at once.
  ///
  /// @param answers their documents, with their ends
  void endAll(List<Document> answers) {
    var fields = new Document("epoch", epoch).append("parts", new Document());
    long tokens = 0;
    for (var answer : answers) {
      fields.append("aiResponses." + AnswerDocuments.place(answer), answer);
      tokens += number(answer, "tokensUsed");
    }
    round
        .messages()
        .updateOne(
            mine(),
            new Document("$set", fields).append("$inc", new Document("tokensUsed", tokens)));
  }

  /// Ends the turn if all of its answers have ended. Doing it again changes nothing.
  void finishIfOver(Document entry) {
    boolean over =
        entry.getList("aiResponses", Document.class, List.of()).stream()
            .allMatch(answer -> AnswerDocuments.state(answer).isTerminal());
    if (over) {
      finish(new MessageId(text(entry, "userMessageId")));
    }
  }

  /// Nobody answers the turn any more; what it says from now on is in the entry of the answers.
  void finish(MessageId userMessage) {
    round
        .messages()
        .updateOne(
            new Document("_id", userMessage.value())
                .append("sessionId", session.value())
                .append("turn.epoch", new Document("$lte", epoch)),
            new Document(
                "$unset",
                new Document("turn.owner", "")
                    .append("turn.answers", "")
                    .append("turn.session", "")));
  }

  private Optional<Document> outline() {
    return Optional.ofNullable(round.messages().find(named()).projection(OUTLINE).first());
  }

  private Document named() {
    return new Document("_id", turn.value()).append("sessionId", session.value());
  }

  private Document mine() {
    return named().append("epoch", new Document("$lte", epoch));
  }

  private Document running(String answer) {
    return mine().append("parts." + answer, new Document("$exists", true));
  }
}
