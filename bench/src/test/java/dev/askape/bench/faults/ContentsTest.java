package dev.askape.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import dev.askape.bench.faults.Findings.Kind;
import dev.askape.fixture.MongoServer;
import dev.askape.standin.StandInText;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is looked for in MongoDB is found there, when it is planted.
class ContentsTest {
  private static final String MODEL = "fake-quick:tokens=4,first=0,rate=0";

  private final String uri =
      MongoServer.shared().uri() + "/faults_" + UUID.randomUUID().toString().substring(0, 8);
  private final MongoClient client = MongoClients.create(uri);
  private final Contents contents = new Contents(uri);
  private final Findings findings = new Findings();
  private final Talk talk = new Talk("s", "u", new Findings());

  @BeforeEach
  void sayTwo() {
    for (int n = 0; n < 2; n++) {
      talk.send("hello", List.of(MODEL));
      talk.saved("k" + n, new Talk.Saved("u" + n, "t" + n), "mongodb");
      talk.told("a" + n, "completed", StandInText.answer(MODEL));
      messages().insertMany(List.of(user(n, 2 * n + 1), answers(n, 2 * n + 2)));
    }
    sessions().insertOne(new Document("_id", "s").append("sessionId", "s").append("lastSeq", 4L));
  }

  @AfterEach
  void end() {
    client.getDatabase(database()).drop();
    client.close();
    contents.close();
  }

  private String database() {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  private MongoCollection<Document> messages() {
    return client.getDatabase(database()).getCollection("messages");
  }

  private MongoCollection<Document> sessions() {
    return client.getDatabase(database()).getCollection("sessions");
  }

  private static Document entry(String id, long seq, String role) {
    return new Document("_id", id)
        .append("messageId", id)
        .append("sessionId", "s")
        .append("seq", seq)
        .append("role", role)
        .append("createdAt", Instant.now())
        .append("tokensUsed", 1L);
  }

  private static Document user(int n, long seq) {
    return entry("u" + n, seq, "USER").append("content", "k" + n + " hello");
  }

  private static Document answers(int n, long seq) {
    var answer =
        new Document("id", "a" + n)
            .append("modelId", MODEL)
            .append("state", "completed")
            .append("content", StandInText.answer(MODEL));
    return entry("t" + n, seq, "AI")
        .append("content", "")
        .append("userMessageId", "u" + n)
        .append("aiResponses", List.of(answer));
  }

  private void change(String id, String field, Object value) {
    messages().updateOne(new Document("_id", id), set(field, value));
  }

  private static Document set(String field, Object value) {
    return new Document("$set", new Document(field, value));
  }

  private void verifyFound(Kind kind) {
    contents.check(List.of(talk), findings);
    assertThat(findings.count(kind)).as("%s", findings).isPositive();
  }

  @Test
  void findsNothingWhereNothingIsWrong() {
    contents.check(List.of(talk), findings);
    assertThat(findings.isEmpty()).as("%s", findings).isTrue();
    assertThat(contents.countMissing(talk)).isZero();
  }

  @Test
  void findsALostMessage() {
    messages().deleteMany(new Document("_id", new Document("$in", List.of("u1", "t1"))));
    assertThat(contents.countMissing(talk)).isOne();
    verifyFound(Kind.LOST);
  }

  @Test
  void findsALostSession() {
    sessions().deleteMany(new Document());
    verifyFound(Kind.LOST);
  }

  @Test
  void findsAMessageThatIsThereTwice() {
    messages()
        .insertMany(
            List.of(
                user(1, 5).append("_id", "x").append("messageId", "x"),
                answers(1, 6)
                    .append("_id", "y")
                    .append("messageId", "y")
                    .append("userMessageId", "x")));
    verifyFound(Kind.TWICE);
  }

  @Test
  void findsTwoMessagesInOnePlace() {
    change("u1", "seq", 2L);
    verifyFound(Kind.TWICE);
  }

  @Test
  void findsMessagesInTheWrongOrder() {
    change("u0", "seq", 13L);
    change("t0", "seq", 14L);
    verifyFound(Kind.DISORDER);
  }

  @Test
  void findsAnswersWithoutTheirMessage() {
    change("t1", "userMessageId", "u0");
    verifyFound(Kind.DISORDER);
  }

  @Test
  void findsAnAnswerThatRuns() {
    change("t1", "parts", new Document("a1", List.of()));
    verifyFound(Kind.UNENDED);
  }

  @Test
  void findsAnIntentThatWasLeft() {
    change("u1", "turn", new Document("id", "t1").append("answers", List.of()));
    verifyFound(Kind.UNENDED);
  }

  @Test
  void findsAnAnswerThatIsKeptOtherwiseThanItWasTold() {
    var kept = answers(1, 4).getList("aiResponses", Document.class).getFirst();
    change("t1", "aiResponses", List.of(kept.append("state", "interrupted").append("content", "")));
    verifyFound(Kind.CONTRADICTED);
  }

  @Test
  void findsASessionThatIsNotWhereItsMessagesAre() {
    sessions().updateOne(new Document("_id", "s"), set("lastSeq", 2L));
    verifyFound(Kind.CONTRADICTED);
  }

  @Test
  void findsMessagesOfSessionsThatNobodyHad() {
    messages().insertOne(user(7, 1).append("sessionId", "other"));
    verifyFound(Kind.CONTRADICTED);
  }
}
