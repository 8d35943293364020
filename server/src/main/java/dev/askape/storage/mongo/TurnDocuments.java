package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.instant;
import static dev.askape.storage.mongo.Values.number;
import static dev.askape.storage.mongo.Values.optionalText;
import static dev.askape.storage.mongo.Values.put;
import static dev.askape.storage.mongo.Values.text;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.WellFormed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/// The two documents of a turn: the user's entry, which has the intent to answer it, and the entry
/// of the answers, which is there from the first thing that was written of them.
final class TurnDocuments {
  static final String USER = "USER";
  static final String AI = "AI";

  private TurnDocuments() {}

  /// The user's entry of a turn that is accepted now.
  ///
  /// @param process who answers it, if anybody
  static Document accepted(SessionRecord session, TurnRecord turn, String process) {
    var entry =
        entry(turn.userMessageId(), turn.sessionId(), turn.seq(), USER)
            .append("content", WellFormed.text(turn.content()))
            .append("tokensUsed", turn.tokens());
    put(entry, "createdAt", turn.createdAt());
    put(entry, turn.sender());
    put(entry, "clientMessageId", turn.clientMessageId().map(ClientMessageId::value));
    entry.append(
        "key",
        turn.clientMessageId()
            .map(id -> key(turn.sender(), id))
            .orElseGet(() -> "message/" + turn.userMessageId()));
    var answers =
        turn.answers().stream().sorted(Comparator.comparingInt(AnswerRecord::place)).toList();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).place() != i) {
        throw new IllegalArgumentException("the places of the answers have a gap");
      }
      var id = answers.get(i).id().value();
      if (id.contains(".") || id.startsWith("$")) {
        throw new IllegalArgumentException("an answer's id that is no name of a field");
      }
    }
    return entry.append(
        "turn",
        new Document("id", turn.messageId().value())
            .append("epoch", turn.epoch())
            .append("owner", process)
            .append("answers", answers.stream().map(AnswerDocuments::of).toList())
            .append("session", SessionDocuments.of(session)));
  }

  static String key(Party sender, ClientMessageId id) {
    return Values.key(sender) + "/" + id.value();
  }

  /// The entry of the answers, as the intent has them.
  static Document answers(Document user, long epoch) {
    var intent = turn(user);
    var id = new MessageId(text(intent, "id"));
    var answers = intent.getList("answers", Document.class, List.of());
    var parts = new Document();
    long tokens = 0;
    for (var answer : answers) {
      tokens += number(answer, "tokensUsed");
      if (!AnswerDocuments.state(answer).isTerminal()) {
        parts.append(text(answer, "id"), List.of());
      }
    }
    return entry(id, session(user), number(user, "seq") + 1, AI)
        .append("content", "")
        .append("tokensUsed", tokens)
        .append("createdAt", user.get("createdAt"))
        .append("createdAtNanos", user.get("createdAtNanos"))
        .append("key", "answers/" + id)
        .append("userMessageId", text(user, "_id"))
        .append("aiResponses", answers)
        .append("epoch", epoch)
        .append("parts", parts);
  }

  private static Document entry(MessageId id, SessionId session, long seq, String role) {
    return new Document("_id", id.value())
        .append("messageId", id.value())
        .append("sessionId", session.value())
        .append("seq", seq)
        .append("role", role);
  }

  static boolean isUsers(Document entry) {
    return text(entry, "role").equals(USER);
  }

  static Document turn(Document user) {
    return user.get("turn", new Document());
  }

  static SessionId session(Document entry) {
    return new SessionId(text(entry, "sessionId"));
  }

  /// @param answers the entry of the answers, if it is there yet
  static TurnRecord read(Document user, Optional<Document> answers) {
    var intent = turn(user);
    var parts = answers.map(ai -> ai.get("parts", new Document())).orElseGet(Document::new);
    var records =
        answers
            .orElse(intent)
            .getList(answers.isPresent() ? "aiResponses" : "answers", Document.class, List.of())
            .stream()
            .map(answer ->
                AnswerDocuments.read(
                    answer, parts.getList(text(answer, "id"), Document.class, List.of())))
            .toList();
    return new TurnRecord(
        session(user),
        number(user, "seq"),
        new MessageId(text(user, "_id")),
        new MessageId(text(intent, "id")),
        Values.party(user),
        optionalText(user, "clientMessageId").map(ClientMessageId::new),
        text(user, "content"),
        number(user, "tokensUsed"),
        instant(user, "createdAt"),
        Math.max(number(intent, "epoch"), answers.map(ai -> number(ai, "epoch")).orElse(0L)),
        records.stream().anyMatch(answer -> !answer.state().isTerminal()),
        records);
  }

  static Optional<TurnRecord> find(Round round, SessionId session, MessageId id) {
    var named =
        Optional.ofNullable(
            round
                .messages()
                .find(new Document("_id", id.value()).append("sessionId", session.value()))
                .first());
    if (named.isEmpty()) {
      return findUser(round, session, id).map(user -> withAnswers(round, user));
    }
    if (isUsers(named.get())) {
      return Optional.of(withAnswers(round, named.get()));
    }
    return find(round, session, new MessageId(text(named.get(), "userMessageId")), USER)
        .map(user -> read(user, named));
  }

  /// The user's entry of the turn with this id.
  static Optional<Document> findUser(Round round, SessionId session, MessageId turn) {
    return Optional.ofNullable(
        round
            .messages()
            .find(new Document("turn.id", turn.value()).append("sessionId", session.value()))
            .first());
  }

  static Optional<TurnRecord> findByKey(Round round, SessionId session, String key) {
    return Optional.ofNullable(
            round
                .messages()
                .find(new Document("sessionId", session.value()).append("key", key))
                .first())
        .map(user -> withAnswers(round, user));
  }

  static Optional<Document> find(Round round, SessionId session, MessageId id, String role) {
    return Optional.ofNullable(
        round
            .messages()
            .find(
                new Document("_id", id.value())
                    .append("sessionId", session.value())
                    .append("role", role))
            .first());
  }

  private static TurnRecord withAnswers(Round round, Document user) {
    var id = new MessageId(text(turn(user), "id"));
    return read(user, find(round, session(user), id, AI));
  }

  static List<TurnRecord> list(Round round, SessionId session, long beforeSeq, int limit) {
    if (limit <= 0) {
      return List.of();
    }
    // A turn has two entries at most; the one at `beforeSeq` can be the answers of the last turn
    // that is wanted, and the oldest found the answers of one that is not.
    int entries = (int) Math.min(Integer.MAX_VALUE, 2L * limit + 2);
    var users = new ArrayList<Document>();
    var answers = new HashMap<String, Document>();
    for (var entry :
        round
            .messages()
            .find(
                new Document("sessionId", session.value())
                    .append("seq", new Document("$lte", beforeSeq)))
            .sort(new Document("seq", -1))
            .limit(entries)) {
      if (!isUsers(entry)) {
        answers.put(text(entry, "_id"), entry);
      } else if (number(entry, "seq") < beforeSeq && users.size() < limit) {
        users.add(entry);
      }
    }
    return users.reversed().stream()
        .map(user -> read(user, Optional.ofNullable(answers.get(text(turn(user), "id")))))
        .toList();
  }
}
