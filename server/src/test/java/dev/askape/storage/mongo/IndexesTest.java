package dev.askape.storage.mongo;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.RESERVATION;
import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.attempt;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.SessionId;
import dev.askape.fixture.MongoServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How MongoDB finds what the store asks for. What is asked is what the driver sends.
class IndexesTest {
  private static final Set<String> ASKING = Set.of("find", "update", "delete", "findAndModify");

  private final Stores stores = new Stores();
  private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();
  private MongoStore store;

  /// @param filter of a query, a change or a deletion
  private record Asked(String collection, BsonDocument filter, BsonDocument sort, boolean write) {}

  @BeforeEach
  void callEverything() {
    store =
        MongoStore.open(
            stores.settings("node"),
            driver ->
                driver.addCommandListener(
                    new CommandListener() {
                      @Override
                      public void commandStarted(CommandStartedEvent event) {
                        keep(event);
                      }
                    }));
    var id = new SessionId("s");
    var turn = turn("s", 1, 1);
    var answer = turn.answers().getFirst();
    store.accept(session("s", 1), turn);
    store.accept(session("s", 1), turn);
    store.findByClientMessageId(id, ANNA, new ClientMessageId("client-1"));
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "x")));
    store.findSession(id);
    store.listSessions(List.of(ANNA, GUEST), Optional.of(START), 10);
    store.listSessionIds(Optional.of(id), 10);
    store.listIdleGuestSessions(Instant.MAX, 10);
    store.findTurn(id, turn.messageId());
    store.findTurn(id, turn.userMessageId());
    store.listTurns(id, 99, 10);
    store.endAnswer(turn.messageId(), 1, completed(answer, "", ""));
    store.endAnswer(turn.messageId(), 1, completed(attempt(answer, 2), "", ""));
    store.accept(session("s", 2), turn("s", 2, 1), RESERVATION);
    store.account(ANNA);
    store.usageOf(id);
    store.interruptRunning(START);
    store.sweep();
    store.changeOwner(id, ANNA, GUEST);
    store.deleteSession(id);
  }

  @AfterEach
  void close() {
    store.close();
    stores.close();
  }

  private void keep(CommandStartedEvent event) {
    var name = event.getCommandName();
    if (!ASKING.contains(name)) {
      return;
    }
    // the driver uses its own again when the command is sent
    var command = BsonDocument.parse(event.getCommand().toJson());
    var collection = command.getString(name).getValue();
    var none = new BsonDocument();
    switch (name) {
      case "find" ->
          asked.add(
              new Asked(
                  collection,
                  command.getDocument("filter", none),
                  command.getDocument("sort", none),
                  false));
      case "findAndModify" ->
          asked.add(new Asked(collection, command.getDocument("query", none), none, true));
      default ->
          command
              .getArray(name + "s")
              .forEach(one ->
                  asked.add(new Asked(collection, one.asDocument().getDocument("q"), none, true)));
    }
  }

  private List<Asked> ofConversations() {
    // there are as many nodes as processes: no index but that of their names
    return asked.stream().filter(one -> !one.collection.equals("nodes")).distinct().toList();
  }

  @Test
  void asksForNothingThatNoIndexBeginsWith() {
    assertThat(ofConversations()).hasSizeGreaterThan(20);
    assertThat(ofConversations())
        .allSatisfy(one ->
            assertThat(indexes(one.collection).stream().anyMatch(index -> serves(index, one)))
                .isTrue());
  }

  /// The fields that are asked for begin the index, and the order is that of the fields after them.
  private static boolean serves(List<String> index, Asked one) {
    var asked = one.filter.keySet();
    var sorted = new ArrayList<>(one.sort.keySet());
    if (asked.isEmpty()) {
      return index.subList(0, Math.min(index.size(), sorted.size())).equals(sorted);
    }
    if (!asked.contains(index.getFirst())) {
      return false;
    }
    int equal = 0;
    while (equal < index.size()
        && asked.contains(index.get(equal))
        && (sorted.isEmpty() || !index.get(equal).equals(sorted.getFirst()))) {
      equal++;
    }
    var rest = index.subList(equal, index.size());
    return rest.size() >= sorted.size() && rest.subList(0, sorted.size()).equals(sorted);
  }

  private List<List<String>> indexes(String collection) {
    var indexes = new ArrayList<List<String>>();
    for (var index : stores.database().getCollection(collection).listIndexes()) {
      indexes.add(List.copyOf(index.get("key", Document.class).keySet()));
    }
    return indexes;
  }

  /// On a cluster with the session as the shard key, a change goes to one shard, and every change
  /// but that of a node and an account can say which.
  @Test
  void changesNothingWithoutNamingTheSession() {
    assertThat(ofConversations())
        .filteredOn(one -> one.write && !one.collection.equals("accounts"))
        .hasSizeGreaterThan(8)
        .allSatisfy(one -> assertThat(one.filter.containsKey("sessionId")).isTrue());
  }

  @Test
  void isTakenAtItsWordByTheServer() {
    assumeThat(MongoServer.shared().isFerretDb())
        .as("FerretDB does not say which index it uses")
        .isFalse();
    assumeThat(MongoServer.shared().isJava()).as("mongo-java-server has no explain").isFalse();
    stores.messages().insertOne(new Document("_id", "x").append("sessionId", "x"));

    for (var one : ofConversations()) {
      var plan =
          stores
              .database()
              .getCollection(one.collection)
              .find(one.filter)
              .sort(one.sort)
              .explain()
              .toJson();
      assertThat(plan).as(one.toString()).doesNotContain("COLLSCAN", "\"SORT\"");
    }
  }
}
