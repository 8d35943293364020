package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.mongodb.ConnectionString;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.askape.bench.faults.Findings.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.bson.Document;

/// What MongoDB has, read without AskApe, by the contract's names. Safe for any thread.
final class Contents implements AutoCloseable {
  private final MongoClient client;
  private final MongoDatabase database;

  /// @param uri with the database
  Contents(String uri) {
    this.client = MongoClients.create(uri);
    this.database =
        client.getDatabase(Objects.requireNonNull(new ConnectionString(uri).getDatabase()));
  }

  /// Compares all that a database has with what a crowd was told.
  static void check(Database database, Crowd crowd) {
    var findings = new Findings();
    try (var contents = new Contents(database.uri())) {
      contents.check(crowd.talks(), findings);
    }
    crowd.findings().addAll("MongoDB", findings);
  }

  /// How many acknowledged messages are not there yet with the end of each answer.
  long countMissing(Talk talk) {
    return talk.known().countMissing(history(talk));
  }

  /// Compares all that is there with what the sessions were told.
  void check(Collection<Talk> talks, Findings findings) {
    long seen = 0;
    for (var talk : talks) {
      var entries = entries(talk);
      seen += entries.size();
      checkEntries(talk.session(), entries, findings);
      new Comparison(talk.known(), findings).check(history(entries));
    }
    long all = database.getCollection("messages").countDocuments();
    if (all != seen) {
      findings.add(Kind.CONTRADICTED, "%d messages of sessions that nobody had", all - seen);
    }
  }

  private List<Document> entries(Talk talk) {
    return database
        .getCollection("messages")
        .find(new Document("sessionId", talk.session()))
        .sort(new Document("seq", 1))
        .into(new ArrayList<>());
  }

  private JsonNode history(Talk talk) {
    return history(entries(talk));
  }

  /// As a server would show it.
  private static ArrayNode history(List<Document> entries) {
    var history = Wire.JSON.createArrayNode();
    for (var entry : entries) {
      var shown =
          history
              .addObject()
              .put("id", entry.getString("messageId"))
              .put("role", entry.getString("role"))
              .put("content", entry.getString("content"));
      var answers = shown.putArray("aiResponses");
      for (var answer : entry.getList("aiResponses", Document.class, List.of())) {
        var one = answers.addObject();
        for (var field : List.of("id", "modelId", "state", "content")) {
          one.put(field, answer.getString(field));
        }
      }
    }
    return history;
  }

  private void checkEntries(String session, List<Document> entries, Findings findings) {
    if (entries.isEmpty()) {
      return;
    }
    long last = 0;
    var user = "";
    for (var entry : entries) {
      var id = entry.getString("_id");
      long seq = number(entry, "seq");
      if (seq != last + 1) {
        findings.add(
            seq == last ? Kind.TWICE : Kind.DISORDER, "%s: %s behind %s", session, seq, last);
      }
      last = seq;
      if (!Objects.equals(id, entry.getString("messageId"))
          || !(entry.get("createdAt") instanceof Date)
          || !(entry.get("tokensUsed") instanceof Number)) {
        findings.add(Kind.CONTRADICTED, "%s: %s without a field it must have", session, id);
      }
      if (entry.getString("role").equals("USER")) {
        user = id;
        checkIntent(session, entry, findings);
      } else if (!user.equals(entry.getString("userMessageId"))) {
        findings.add(Kind.DISORDER, "%s: %s is not behind its USER entry", session, id);
      } else if (!entry.get("parts", new Document()).isEmpty()) {
        findings.add(Kind.UNENDED, "%s: %s runs", session, id);
      }
    }
    checkSession(session, last, findings);
  }

  private static void checkIntent(String session, Document user, Findings findings) {
    if (user.get("turn", new Document()).containsKey("answers")) {
      findings.add(
          Kind.UNENDED, "%s: %s still has the intent to answer it", session, user.getString("_id"));
    }
  }

  private void checkSession(String session, long last, Findings findings) {
    var found = database.getCollection("sessions").find(new Document("sessionId", session)).first();
    if (found == null) {
      findings.add(Kind.LOST, "%s: no session", session);
    } else if (number(found, "lastSeq") != last) {
      findings.add(
          Kind.CONTRADICTED,
          "%s: the session is at %s, its messages at %s",
          session,
          number(found, "lastSeq"),
          last);
    }
  }

  private static long number(Document from, String field) {
    return from.get(field) instanceof Number number ? number.longValue() : -1;
  }

  @Override
  public void close() {
    client.close();
  }
}
