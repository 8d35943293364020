package dev.askape.storage.mongo;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.fixture.MongoServer;
import dev.askape.storage.MongoProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the store does while MongoDB is away, hangs or breaks off.
class FaultsTest {
  private static final Duration PATIENCE = Duration.ofMillis(800);

  /// For the store's own limit, half a second of grace, and a slow machine.
  private static final Duration AT_MOST = Duration.ofSeconds(8);

  private final TurnRecord turn = turn("s", 1, 1);
  @TempDir private Path folder;
  private MongoServer server;
  private MongoProxy proxy;
  private MongoStore store;

  @BeforeEach
  void start() {
    server = MongoServer.start(folder);
    proxy = MongoProxy.before(server.uri());
    store = MongoStore.open(settings(Duration.ofSeconds(20)));
  }

  @AfterEach
  void end() {
    store.close();
    proxy.close();
    server.close();
  }

  private MongoSettings settings(Duration operation) {
    return MongoSettings.of(MongoUri.of(proxy.uri()), "node")
        .withLease(Stores.NEVER, Duration.ofMinutes(1))
        .withTimeouts(operation, operation, operation);
  }

  private void beImpatient() {
    store.close();
    store = MongoStore.open(settings(PATIENCE));
  }

  private Map<String, ThrowingCallable> everything(MongoStore of) {
    var answer = completed(turn.answers().getFirst(), "done", "");
    return Map.ofEntries(
        Map.entry("findSession", () -> of.findSession(turn.sessionId())),
        Map.entry("listSessions", () -> of.listSessions(List.of(ANNA), Optional.empty(), 9)),
        Map.entry("accept", () -> of.accept(session("s", 1), turn)),
        Map.entry(
            "findByClientMessageId",
            () ->
                of.findByClientMessageId(
                    turn.sessionId(), ANNA, turn.clientMessageId().orElseThrow())),
        Map.entry("findTurn", () -> of.findTurn(turn.sessionId(), turn.messageId())),
        Map.entry("listTurns", () -> of.listTurns(turn.sessionId(), 9, 9)),
        Map.entry(
            "checkpoint", () -> of.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "x")))),
        Map.entry("endAnswer", () -> of.endAnswer(turn.messageId(), 1, answer)),
        Map.entry("changeOwner", () -> of.changeOwner(turn.sessionId(), ANNA, ANNA)),
        Map.entry("deleteSession", () -> of.deleteSession(turn.sessionId())),
        Map.entry("interruptRunning", () -> of.interruptRunning(START)));
  }

  private void everythingFailsInTime(MongoStore of) {
    long start = System.nanoTime();
    var failures = new ConcurrentHashMap<String, Throwable>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      everything(of)
          .forEach((name, call) -> callers.execute(() -> failures.put(name, catchThrowable(call))));
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_MOST);
    assertThat(failures).hasSize(everything(of).size());
    assertThat(failures)
        .allSatisfy((_, failure) ->
            assertThat(failure)
                .isInstanceOf(StorageException.class)
                .message()
                .contains("MongoDB")
                .doesNotContain("\n"));
  }

  @Test
  void failsInTimeWhileTheServerAnswersNothing() {
    beImpatient();
    server.stop();

    everythingFailsInTime(store);

    server.resume();
    await().untilAsserted(() -> works(store));
  }

  @Test
  void failsInTimeWhileConnectionsAreRefused() {
    beImpatient();
    proxy.close();

    everythingFailsInTime(store);
  }

  @Test
  void goesOnWhenAServerThatWasKilledIsBack() {
    store.accept(session("s", 1), turn);
    beImpatient();
    server.kill();
    everythingFailsInTime(store);

    server.restart();

    await().untilAsserted(() -> works(store));
    assertThat(store.listTurns(turn.sessionId(), 9, 9)).hasSize(1);
  }

  @Test
  void connectsToAServerThatIsAwayAtFirst() {
    store.close();
    server.kill();
    assertThatThrownBy(() -> MongoStore.open(settings(PATIENCE)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("MongoDB");

    store = MongoStore.connect(settings(PATIENCE), _ -> true);
    everythingFailsInTime(store);
    server.restart();

    await().untilAsserted(() -> works(store));
    assertThat(store.accept(session("s", 1), turn)).isEqualTo(new Accepted.New());
  }

  /// Fifty callers with two connections: all are told in time, none waits for another.
  @Test
  void keepsNobodyWaitingBehindAHungServer() throws Exception {
    store.close();
    store = MongoStore.open(settings(PATIENCE).withConnections(2));
    server.stop();
    long start = System.nanoTime();

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<?>>();
      for (int i = 0; i < 50; i++) {
        calls.add(
            callers.submit(() ->
                assertThatThrownBy(() -> store.findSession(turn.sessionId()))
                    .isInstanceOf(StorageException.class)));
      }
      for (var call : calls) {
        call.get();
      }
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_MOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update", "find"})
  void acceptsOnceWhenTheAnswerOfTheServerIsLost(String command) {
    proxy.loseAnswerTo(command);

    acceptsOnce();
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update", "find"})
  void acceptsOnceWhenTheConnectionBreaksInTheMiddle(String command) {
    proxy.cut(command);

    acceptsOnce();
  }

  private void acceptsOnce() {
    assertThat(store.accept(session("s", 1), turn)).isEqualTo(new Accepted.New());
    var answer = completed(turn.answers().getFirst(), "done", "");
    assertThat(store.endAnswer(turn.messageId(), 1, answer)).isTrue();

    assertThat(proxy.hasHappened()).isTrue();
    var kept = store.listTurns(turn.sessionId(), 9, 9);
    assertThat(kept).hasSize(1);
    assertThat(kept.getFirst().answers()).containsExactly(answer);
    assertThat(store.findSession(turn.sessionId())).contains(session("s", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update", "find"})
  void endsOnceWhenTheAnswerOfTheServerIsLost(String command) {
    store.accept(session("s", 1), turn);
    proxy.loseAnswerTo(command);

    var answer = completed(turn.answers().getFirst(), "done", "");
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "do")));
    assertThat(store.endAnswer(turn.messageId(), 1, answer)).isTrue();

    assertThat(proxy.hasHappened()).isTrue();
    assertThat(store.findTurn(turn.sessionId(), turn.messageId()).orElseThrow().answers())
        .containsExactly(answer);
    assertThat(store.interruptRunning(START)).isZero();
  }

  @Test
  void deletesAlsoWhenTheAnswerOfTheServerIsLost() {
    store.accept(session("s", 1), turn);
    proxy.loseAnswerTo("delete");

    assertThat(store.deleteSession(turn.sessionId())).isTrue();

    assertThat(proxy.hasHappened()).isTrue();
    assertThat(store.listTurns(turn.sessionId(), 9, 9)).isEmpty();
    assertThat(store.findSession(turn.sessionId())).isEmpty();
  }

  @Test
  void usesNewConnectionsWhenAllWereReset() {
    store.accept(session("s", 1), turn);

    proxy.reset();

    assertThat(store.findSession(turn.sessionId())).isPresent();
  }

  private static void works(MongoStore store) {
    assertThatCode(() -> store.findSession(new SessionId("nobody's"))).doesNotThrowAnyException();
  }
}
