package dev.askape.storage.mongo;

import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.attempt;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.sent;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.askape.chat.AnswerState;
import dev.askape.chat.ErrorType;
import dev.askape.chat.StorageException;
import dev.askape.fixture.MongoServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What another program finds in the database.
class DocumentsTest {
  private final Stores stores = new Stores();
  private MongoStore store;

  @BeforeEach
  void open() {
    store = MongoStore.open(stores.settings("node"));
  }

  @AfterEach
  void close() {
    store.close();
    stores.close();
  }

  @Test
  void namesEverythingAsTheContractDoes() {
    var turn = turn("s", 1, 1);
    store.accept(session("s", 1), turn);
    store.endAnswer(
        turn.messageId(), 1, completed(turn.answers().getFirst(), "Hello!", "thoughts"));

    var entries =
        stores
            .messages()
            .find(new Document("sessionId", "s"))
            .sort(new Document("seq", 1))
            .into(new ArrayList<>());

    assertThat(entries).hasSize(2);
    assertThat(entries.get(0))
        .containsEntry("messageId", "s-1-user")
        .containsEntry("role", "USER")
        .containsEntry("content", "Question 1")
        .containsEntry("tokensUsed", 3L)
        .containsEntry("userId", "anna")
        .containsEntry("clientMessageId", "client-1")
        .doesNotContainKey("guestId");
    assertThat(created(entries.get(0))).isEqualTo(Instant.parse("2026-11-24T10:00:01.123Z"));
    assertThat(entries.get(1))
        .containsEntry("messageId", "s-1")
        .containsEntry("role", "AI")
        .containsEntry("content", "")
        .containsEntry("tokensUsed", 34L);
    var answers = entries.get(1).getList("aiResponses", Document.class);
    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst())
        .containsEntry("modelId", "maker/model-0")
        .containsEntry("modelName", "model-0")
        .containsEntry("content", "Hello!")
        .containsEntry("reasoning", "thoughts")
        .containsEntry("tokensUsed", 34L)
        .containsEntry("state", "completed")
        .containsEntry("finishReason", "stop");
    assertThat(created(answers.getFirst())).isEqualTo(Instant.parse("2026-11-24T10:00:00.123Z"));
  }

  @Test
  void keepsASessionUnderTheContractsNames() {
    store.accept(session("s", GUEST, 1), sent(turn("s", 1, 1), GUEST, Optional.empty()));

    assertThat(stores.sessions().find().first())
        .containsEntry("sessionId", "s")
        .containsEntry("title", "What is a cursor?")
        .containsEntry("messageCount", 2L)
        .containsEntry("ownerId", "guest_1")
        .containsEntry("guestId", "guest_1")
        .doesNotContainKey("userId")
        .containsEntry(
            "participants", List.of(new Document("userId", "bert").append("name", "Bert B.")));
    assertThat(stores.messages().find().first())
        .containsEntry("guestId", "guest_1")
        .doesNotContainKey("userId")
        .doesNotContainKey("clientMessageId");
  }

  @Test
  void keepsTheIntentToAnswerInTheUsersEntry() {
    store.accept(session("s", 1), turn("s", 1, 2));

    assertThat(stores.messages().countDocuments()).isOne();
    var intent = stores.entry("USER").get("turn", Document.class);
    assertThat(intent.getList("answers", Document.class)).hasSize(2);
    assertThat(intent.getString("owner")).startsWith("node/");
  }

  @Test
  void leavesNothingOfARunningTurnInItsDocuments() {
    var turn = turn("s", 1, 1);
    var answer = turn.answers().getFirst();
    store.accept(session("s", 1), turn);
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "Hel")));
    assertThat(stores.entry("AI").toJson()).contains("Hel");

    store.endAnswer(turn.messageId(), 1, completed(answer, "Hello", ""));
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 5, " late")));

    var user = stores.entry("USER");
    assertThat(user.get("turn", Document.class)).containsOnlyKeys("id", "epoch");
    var answers = stores.entry("AI");
    assertThat(answers.get("parts")).isEqualTo(new Document());
  }

  @Test
  void keepsTheAnswersThatWereReplaced() {
    var turn = turn("s", 1, 1);
    var first = completed(turn.answers().getFirst(), "first", "");
    store.accept(session("s", 1), turn);
    store.endAnswer(turn.messageId(), 1, first);
    var second = completed(attempt(first, 2), "second", "");

    store.endAnswer(turn.messageId(), 1, second);
    store.endAnswer(turn.messageId(), 1, second);
    store.endAnswer(turn.messageId(), 1, first);

    var answers = stores.entry("AI");
    assertThat(answers.getList("aiResponses", Document.class))
        .extracting(one -> one.getString("content"))
        .containsExactly("second");
    assertThat(answers.getList("replacedResponses", Document.class))
        .extracting(one -> one.getString("content"))
        .containsExactly("first");
    assertThat(answers.get("tokensUsed")).isEqualTo(34L);
  }

  @Test
  void endsATurnThatIsLargerThanADocumentCanBe() {
    var turn = turn("s", 1, 1);
    store.accept(session("s", 1), turn);

    assertThat(
            store.endAnswer(
                turn.messageId(),
                1,
                completed(turn.answers().getFirst(), "x".repeat(17_000_000), "")))
        .isTrue();

    var ended = store.findTurn(turn.sessionId(), turn.messageId()).orElseThrow();
    assertThat(ended.running()).isFalse();
    var answer = ended.answers().getFirst();
    assertThat(answer.state()).isEqualTo(AnswerState.FAILED);
    assertThat(answer.error().orElseThrow().type()).isEqualTo(ErrorType.TOO_LARGE);
    assertThat(answer.content()).hasSize(10_000).matches("x+");
  }

  @Test
  void leavesADatabaseAloneWhoseSchemaIsNewer() {
    stores
        .nodes()
        .updateOne(
            new Document("version", new Document("$gt", 0)),
            new Document("$set", new Document("version", 99)));

    assertThatThrownBy(() -> MongoStore.open(stores.settings("node")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("schema 99")
        .hasMessageContaining("storage.mongo.uri")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void leavesACollectionAloneThatIsAnotherPrograms() {
    assumeThat(MongoServer.shared().isFerretDb())
        .as("FerretDB makes a unique index of documents without its fields")
        .isFalse();
    store.close();
    stores.database().drop();
    stores.messages().insertMany(List.of(new Document("text", "a"), new Document("text", "b")));

    assertThatThrownBy(() -> MongoStore.open(stores.settings("node")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("another program")
        .hasMessageContaining("storage.mongo.uri");
  }

  private static Instant created(Document document) {
    return document.get("createdAt", Date.class).toInstant();
  }
}
