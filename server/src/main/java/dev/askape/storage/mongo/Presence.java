package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.text;

import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/// This process among those that use the database. Each says from time to time that it lives; who
/// has not for longer than the lease is dead, by MongoDB's clock alone.
final class Presence {
  private static final int MANY = 1_000;

  private final String node;
  private final String process;
  private final Duration lease;

  Presence(String node, Duration lease) {
    this.node = node;
    this.process = node + "/" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    this.lease = lease;
  }

  /// The name of this process.
  String process() {
    return process;
  }

  /// Says that this process lives.
  ///
  /// @return the time at MongoDB
  Instant beat(Round round) {
    var self =
        round
            .nodes()
            .findOneAndUpdate(
                new Document("_id", process),
                new Document("$set", new Document("node", node))
                    .append("$currentDate", new Document("seenAt", true)),
                new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
    return seenAt(Optional.ofNullable(self).orElseGet(Document::new));
  }

  /// The processes that live, this one among them.
  List<String> alive(Round round, Instant now) {
    var alive = new ArrayList<String>();
    alive.add(process);
    for (var one : processes(round)) {
      if (isAlive(one, now) && !text(one, "_id").equals(process)) {
        alive.add(text(one, "_id"));
      }
    }
    return alive;
  }

  /// Of those, the ones that are not of this node: at a start of it all others of it are dead.
  List<String> elsewhere(List<String> alive) {
    return alive.stream().filter(one -> !isOfThisNode(one)).toList();
  }

  boolean isOfThisNode(String other) {
    return other.startsWith(node + "/");
  }

  /// Whether a process lives that was not known to a moment ago.
  boolean isAlive(Round round, String other, Instant now) {
    return Optional.ofNullable(round.nodes().find(new Document("_id", other)).first())
        .map(one -> isAlive(one, now))
        .orElse(false);
  }

  /// Forgets those that are dead, once nothing of them is left.
  void forgetDead(Round round, Instant now) {
    for (var one : processes(round)) {
      if (!isAlive(one, now)) {
        round
            .nodes()
            .deleteOne(new Document("_id", text(one, "_id")).append("seenAt", seenAt(one)));
      }
    }
  }

  /// This process ends.
  void leave(Round round) {
    round.nodes().deleteOne(new Document("_id", process));
  }

  private static List<Document> processes(Round round) {
    return round
        .nodes()
        .find(new Document("seenAt", new Document("$gt", Instant.EPOCH)))
        .limit(MANY)
        .into(new ArrayList<>());
  }

  private boolean isAlive(Document one, Instant now) {
    return !seenAt(one).isBefore(now.minus(lease));
  }

  private static Instant seenAt(Document one) {
    return Values.date(one, "seenAt");
  }
}
