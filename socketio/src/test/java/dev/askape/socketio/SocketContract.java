package dev.askape.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.testing.Servers;
import dev.askape.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Socket.IO v5 asks of a server, whatever carries it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SocketContract {
  private final TestClient.Way way;
  private Servers server;
  private Namespace root;

  /// The sockets that entered `/`, and what became of those that left.
  private final BlockingQueue<Socket> entered = new LinkedBlockingQueue<>();

  private final Map<Socket, CloseReason> left = new ConcurrentHashMap<>();

  SocketContract(TestClient.Way way) {
    this.way = way;
  }

  @BeforeAll
  void start() {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    server = new Servers(SocketSettings.defaults());
    root = server.sockets.of("/");
    root.onConnection(socket -> {
      socket.onDisconnect(reason -> left.put(socket, reason));
      socket.on("echo", (args, _) -> socket.emit("echoed", args.toArray()));
      socket.on("ask", (args, ack) -> ack.send(args.toArray()));
      entered.add(socket);
    });
    server
        .sockets
        .of("/other")
        .onConnection(s -> s.on("echo", (a, _) -> s.emit("other", a.toArray())));
    server
        .sockets
        .of("/closed")
        .onConnect((_, auth) ->
            auth.path("token").asText().equals("right")
                ? ConnectDecision.accept()
                : new ConnectDecision.Refuse("not you", Map.of("type", "unauthenticated")));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private TestClient open() {
    entered.clear();
    return server.open(way);
  }

  private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T taken = queue.poll(10, TimeUnit.SECONDS);
    assertThat(taken).as("came within ten seconds").isNotNull();
    return taken;
  }

  private CloseReason reasonOf(Socket socket) {
    return await().until(() -> left.get(socket), Objects::nonNull);
  }

  private TestClient connected() {
    TestClient client = open();
    client.connect("/");
    return client;
  }

  private void isAlive(TestClient client) {
    client.send("42[\"echo\",\"alive\"]");
    assertThat(client.nextText()).isEqualTo("42[\"echoed\",\"alive\"]");
  }

  @Test
  void givesEachSocketAnIdThatIsNotTheConnections() throws InterruptedException {
    try (TestClient client = open()) {
      String id = client.connect("/");
      String other = client.connect("/other");
      assertThat(id).isEqualTo(take(entered).id()).isNotEqualTo(client.sid()).isNotEqualTo(other);
    }
  }

  @Test
  void showsTheApplicationTheAuthPayloadAndTheHandshake() throws InterruptedException {
    try (TestClient client = open()) {
      client.send("40{\"name\":\"Zoë\"}");
      client.nextText();
      Socket socket = take(entered);
      assertThat(socket.auth().path("name").asText()).isEqualTo("Zoë");
      assertThat(socket.handshake().query("EIO")).contains("4");
      assertThat(socket.handshake().isLoopback()).isTrue();
    }
  }

  @Test
  void takesAMissingAuthPayloadForAnEmptyOne() throws InterruptedException {
    TestClient client = connected();
    assertThat(take(entered).auth().isObject()).isTrue();
    client.close();
  }

  @Test
  void refusesWithMessageAndData() {
    try (TestClient client = open()) {
      client.send("40/closed,");
      assertThat(client.nextText())
          .isEqualTo("44/closed,{\"message\":\"not you\",\"data\":{\"type\":\"unauthenticated\"}}");
      client.send("40/closed,{\"token\":\"right\"}");
      assertThat(client.nextText()).startsWith("40/closed,{\"sid\":");
    }
  }

  @Test
  void refusesANamespaceThatIsNotThere() {
    try (TestClient client = open()) {
      client.send("40/nowhere,");
      assertThat(client.nextText()).isEqualTo("44/nowhere,{\"message\":\"Invalid namespace\"}");
      client.connect("/");
      isAlive(client);
    }
  }

  @Test
  void ignoresASecondConnect() {
    try (TestClient client = connected()) {
      client.send("40");
      isAlive(client);
    }
  }

  @Test
  void keepsTheOrderOfEventsBothWays() {
    try (TestClient client = connected()) {
      Object[] events = IntStream.range(0, 200).mapToObj(i -> "42[\"echo\"," + i + "]").toArray();
      client.send(events);
      for (int i = 0; i < events.length; i++) {
        assertThat(client.nextText()).isEqualTo("42[\"echoed\"," + i + "]");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,\"2\",{\"3\":[true,null,1.5]}",
        "\"Zoë 😀 \u2028 \\u0000 \\u001E \\\"\"",
        "{\"__proto__\":{\"a\":1},\"constructor\":2}",
        "{\"_placeholder\":true,\"num\":0}",
        "9007199254740993,1e100",
        ""
      })
  void echoesWhatItWasSent(String args) {
    try (TestClient client = connected()) {
      client.send("42[\"echo\"" + (args.isEmpty() ? "" : "," + args) + "]");
      String expected = "42[\"echoed\"" + (args.isEmpty() ? "" : "," + args) + "]";
      assertThat(client.nextText()).isEqualTo(expected.replace("1e100", "1.0E100"));
    }
  }

  @Test
  void takesTheLastOfTwoEqualKeys() {
    try (TestClient client = connected()) {
      client.send("42[\"echo\",{\"a\":1,\"a\":2}]");
      assertThat(client.nextText()).isEqualTo("42[\"echoed\",{\"a\":2}]");
    }
  }

  @Test
  void survivesHalfASurrogatePair() {
    try (TestClient client = connected()) {
      client.send("42[\"echo\",\"\\ud83d\"]");
      assertThat(client.nextText()).startsWith("42[\"echoed\",\"");
      isAlive(client);
    }
  }

  @Test
  void carriesBinaryBothWays() {
    try (TestClient client = connected()) {
      byte[] first = {1, 2, 3, (byte) 250};
      String args = "{\"a\":[{\"_placeholder\":true,\"num\":1}]},{\"_placeholder\":true,\"num\":0}";
      client.send("452-[\"echo\"," + args + "]", first, new byte[0]);
      // numbered again in the order of the answer
      assertThat(client.nextText())
          .isEqualTo(
              "452-[\"echoed\",{\"a\":[{\"_placeholder\":true,\"num\":0}]},{\"_placeholder\":true,\"num\":1}]");
      assertThat(client.nextBytes()).isEmpty();
      assertThat(client.nextBytes()).isEqualTo(first);
    }
  }

  @Test
  void carriesLargeEventsBothWays() {
    try (TestClient client = connected()) {
      String large = "é".repeat(450_000);
      client.send("42[\"echo\",\"" + large + "\"]");
      assertThat(client.nextText()).isEqualTo("42[\"echoed\",\"" + large + "\"]");
    }
  }

  @Test
  void answersWhoAsksForAnAnswer() {
    try (TestClient client = connected()) {
      client.send("429007199254740992[\"ask\",\"a\",1]");
      assertThat(client.nextText()).isEqualTo("439007199254740992[\"a\",1]");
      client.send("451-7[\"ask\",{\"_placeholder\":true,\"num\":0}]", new byte[] {9});
      assertThat(client.nextText()).isEqualTo("461-7[{\"_placeholder\":true,\"num\":0}]");
      assertThat(client.nextBytes()).containsExactly(9);
    }
  }

  @Test
  void answersAtMostOnceAndOnlyWhoAsked() {
    server
        .sockets
        .of("/acks")
        .onConnection(socket ->
            socket.onEvent((_, _, ack) -> {
              ack.send(ack.wanted());
              ack.send("again");
              socket.emit("done");
            }));
    try (TestClient client = open()) {
      client.connect("/acks");
      client.send("42/acks,5[\"x\"]", "42/acks,[\"x\"]");
      assertThat(client.nextText()).isEqualTo("43/acks,5[true]");
      assertThat(client.nextText()).isEqualTo("42/acks,[\"done\"]");
      assertThat(client.nextText()).isEqualTo("42/acks,[\"done\"]");
    }
  }

  @Test
  void asksTheClientAndGetsItsAnswer() throws Exception {
    try (TestClient client = connected()) {
      Socket socket = take(entered);
      CompletableFuture<List<JsonNode>> answer = new CompletableFuture<>();
      Thread asking =
          Thread.startVirtualThread(() -> {
            try {
              answer.complete(socket.request(Duration.ofSeconds(10), "q", 1));
            } catch (TimeoutException | InterruptedException e) {
              answer.completeExceptionally(e);
            }
          });
      String question = client.nextText();
      assertThat(question).matches("42\\d+\\[\"q\",1]");
      String id = question.substring(2, question.indexOf('['));
      client.send("43999[]", "43" + id + "[\"yes\"]", "43" + id + "[\"twice\"]");
      assertThat(answer.get(10, TimeUnit.SECONDS))
          .extracting(JsonNode::asText)
          .containsExactly("yes");
      asking.join();
      isAlive(client);
    }
  }

  @Test
  void givesUpOnAnAnswerThatDoesNotCome() throws Exception {
    try (TestClient client = connected()) {
      Socket socket = take(entered);
      assertThatThrownBy(() -> socket.request(Duration.ofMillis(20), "q"))
          .isInstanceOf(TimeoutException.class);
      client.nextText();
      client.send("431[]"); // too late, and no fault
      isAlive(client);
    }
  }

  @Test
  void failsTheQuestionsOfASocketThatLeaves() throws Exception {
    try (TestClient client = connected()) {
      Socket socket = take(entered);
      Thread.startVirtualThread(() -> {
        client.nextText();
        client.send("41");
      });
      assertThatThrownBy(() -> socket.request(Duration.ofSeconds(10), "q"))
          .isInstanceOf(NotConnectedException.class);
    }
  }

  @Test
  void broadcastsToRooms() throws InterruptedException {
    try (TestClient a = connected()) {
      Socket socketA = take(entered);
      try (TestClient b = server.open(way);
          TestClient c = server.open(way)) {
        b.connect("/");
        Socket socketB = take(entered);
        c.connect("/");
        Socket socketC = take(entered);
        socketA.join("red");
        socketB.join("red");
        socketB.join("blue");
        root.to("red", "blue").emit("once", new byte[] {7});
        root.to("red").except(socketB).emit("not-b");
        root.to(socketC.id()).emit("only-c");
        socketB.leave("red");
        root.to("red").emit("left");
        root.all().emit("all");
        assertThat(texts(a, 5)).containsExactly(placeholder("once"), "7", "not-b", "left", "all");
        assertThat(texts(b, 3)).containsExactly(placeholder("once"), "7", "all");
        assertThat(texts(c, 2)).containsExactly("only-c", "all");
        assertThat(socketB.rooms()).isEqualTo(Set.of("blue", socketB.id()));
      }
    }
  }

  private static String placeholder(String event) {
    return event + "+1";
  }

  private static List<String> texts(TestClient client, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ ->
            switch (client.next()) {
              case byte[] bytes -> Integer.toString(bytes[0]);
              case Object text when text.toString().startsWith("451-[\"") ->
                  text.toString().substring(6, text.toString().indexOf('"', 6)) + "+1";
              case Object text -> text.toString().replaceAll("42\\[\"(.*)\"]", "$1");
            })
        .toList();
  }

  @Test
  void leavesNothingOfASocketThatIsGone() throws InterruptedException {
    try (TestClient client = connected()) {
      Socket socket = take(entered);
      socket.join("room");
      client.send("41");
      assertThat(reasonOf(socket)).isEqualTo(CloseReason.CLIENT_NAMESPACE_DISCONNECT);
      socket.join("late");
      assertThat(socket.rooms()).isEmpty();
      assertThat(socket.isConnected()).isFalse();
      assertThat(socket.execute(() -> {})).isFalse();
      socket.emit("nobody hears it");
    }
  }

  @Test
  void keepsNamespacesApart() {
    try (TestClient client = connected()) {
      client.connect("/other");
      client.send("42/other,[\"echo\",1]", "42[\"echo\",2]");
      assertThat(List.of(client.nextText(), client.nextText()))
          .containsExactlyInAnyOrder("42/other,[\"other\",1]", "42[\"echoed\",2]");
      client.send("41/other,", "42/other,[\"echo\",3]"); // sent before it knew
      isAlive(client);
    }
  }

  @Test
  void disconnectsAClientFromOneNamespace() throws InterruptedException {
    try (TestClient client = connected()) {
      client.connect("/other");
      Socket socket = take(entered);
      socket.disconnect();
      assertThat(client.nextText()).isEqualTo("41");
      assertThat(reasonOf(socket)).isEqualTo(CloseReason.SERVER_NAMESPACE_DISCONNECT);
      client.send("42[\"echo\"]", "42/other,[\"echo\",1]");
      assertThat(client.nextText()).isEqualTo("42/other,[\"other\",1]");
      client.connect("/");
      isAlive(client);
    }
  }

  @Test
  void closesTheConnectionAndTellsWhy() throws InterruptedException {
    try (TestClient client = connected()) {
      Socket socket = take(entered);
      socket.emit("last");
      socket.close(CloseReason.TOO_SLOW);
      assertThat(client.nextText()).isEqualTo("42[\"last\"]");
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      assertThat(reasonOf(socket)).isEqualTo(CloseReason.TOO_SLOW);
    }
  }

  @Test
  void noticesAClientThatSaysItGoes() throws InterruptedException {
    try (TestClient client = connected()) {
      client.send("1");
      assertThat(reasonOf(take(entered))).isEqualTo(CloseReason.TRANSPORT_CLOSE);
    }
  }

  @Test
  void noticesAClientThatBreaksOff() throws InterruptedException {
    TestClient client = connected();
    Socket socket = take(entered);
    await().until(socket::takesMore); // a polling client is missed only when it polls
    client.close();
    assertThat(reasonOf(socket)).isIn(CloseReason.TRANSPORT_CLOSE, CloseReason.TRANSPORT_ERROR);
  }

  @Test
  void letsWhatComesDuringTheDecisionWaitInOrder() throws InterruptedException {
    var gate = new CountDownLatch(1);
    BlockingQueue<String> heard = new ArrayBlockingQueue<>(10);
    server
        .sockets
        .of("/slow")
        .onConnect((_, _) -> {
          gate.await();
          return ConnectDecision.accept();
        })
        .onConnection(socket -> socket.onEvent((event, _, _) -> heard.add(event)));
    try (TestClient client = connected()) {
      client.send("40/slow,", "42/slow,[\"a\"]", "42/slow,[\"b\"]");
      isAlive(client);
      assertThat(heard).isEmpty();
      gate.countDown();
      assertThat(client.nextText()).startsWith("40/slow,");
      client.send("42/slow,[\"c\"]");
      assertThat(List.of(take(heard), take(heard), take(heard))).containsExactly("a", "b", "c");
    }
  }

  @Test
  void aBlockedHandlerHoldsUpNobodyElse() throws InterruptedException {
    var gate = new CountDownLatch(1);
    try (TestClient blocked = connected()) {
      Socket socket = take(entered);
      socket.on("block", (_, _) -> gate.await());
      blocked.send("42[\"block\"]", "42[\"echo\",1]");
      try (TestClient other = server.open(way)) {
        other.connect("/");
        isAlive(other);
      }
      assertThat(blocked.isQuiet()).isTrue();
      gate.countDown();
      assertThat(blocked.nextText()).isEqualTo("42[\"echoed\",1]");
    }
  }

  @Test
  void boundsTheTasksThatWait() throws InterruptedException {
    var gate = new CountDownLatch(1);
    try (TestClient _ = connected()) {
      Socket socket = take(entered);
      var running = new CountDownLatch(1);
      socket.execute(() -> {
        running.countDown();
        await().until(() -> gate.getCount() == 0);
      });
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
      long taken = IntStream.range(0, 300).filter(_ -> socket.execute(() -> {})).count();
      assertThat(taken).isEqualTo(SocketSettings.defaults().maxPendingEvents());
      gate.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4",
        "4abc",
        "47",
        "44{\"message\":\"x\"}",
        "42",
        "42{}",
        "42[]",
        "42[{}]",
        "42[null]",
        "42[\"a\"",
        "42[\"a\"]x",
        "42abc[\"a\"]",
        "42-1[\"a\"]",
        "4299999999999999999[\"a\"]",
        "429007199254740993[\"a\"]",
        "43[1]",
        "43{}",
        "41x",
        "40[]",
        "40\"x\"",
        "40{",
        "42/other,[\"a\"]",
        "42/nowhere,[\"a\"]",
        "45[\"a\"]",
        "45-[\"a\"]",
        "45x-[\"a\"]",
        "4511-[\"a\"]",
        "4599999999-[\"a\"]",
        "2",
        "2probe",
        "5",
        "0",
        "9",
        "x"
      })
  void endsOnlyTheConnectionThatSentWhatIsNoPacket(String bad) throws InterruptedException {
    try (TestClient client = connected();
        TestClient other = server.open(way)) {
      Socket socket = take(entered);
      other.connect("/");
      client.send(bad);
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      assertThat(reasonOf(socket)).isEqualTo(CloseReason.PARSE_ERROR);
      isAlive(other);
    }
  }

  @Test
  void endsAConnectionWhoseJsonIsTooDeep() {
    try (TestClient client = connected()) {
      client.send("42[\"echo\"," + "[".repeat(31) + "]".repeat(31) + "]");
      assertThat(client.nextText()).startsWith("42[\"echoed\",[[");
      client.send("42[\"echo\"," + "[".repeat(32) + "]".repeat(32) + "]");
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
    }
  }

  @Test
  void endsAConnectionThatSendsAttachmentsItDidNotAnnounce() {
    try (TestClient client = connected()) {
      client.send(new Object[] {new byte[] {1}});
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
    }
    try (TestClient client = connected()) {
      client.send("451-[\"echo\",{\"_placeholder\":true,\"num\":1}]", new byte[] {1});
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
    }
    try (TestClient client = connected()) {
      client.send("451-[\"echo\",{\"_placeholder\":true,\"num\":0}]", "42[\"echo\"]");
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
    }
  }

  @Test
  void saysWhetherItTakesMoreAndWhenItDoesAgain() throws InterruptedException {
    try (TestClient client = connected()) {
      Socket socket = take(entered);
      await().until(socket::takesMore);
      BlockingQueue<Boolean> again = new LinkedBlockingQueue<>();
      socket.onTakesMore(() -> again.add(socket.takesMore()));
      socket
          .loop()
          .execute(() -> {
            socket.emit("x", "y".repeat(20_000));
            assertThat(socket.takesMore()).isFalse();
          });
      assertThat(client.nextText()).startsWith("42[\"x\"");
      assertThat(take(again)).isTrue();
    }
  }

  @Test
  void dropsAVolatileEventForASocketThatTakesNoMore() throws InterruptedException {
    try (TestClient client = connected()) {
      Socket socket = take(entered);
      await().until(socket::takesMore);
      socket
          .loop()
          .execute(() -> {
            root.to(socket.id()).asVolatile().emit("heard");
            socket.emit("x", "y".repeat(20_000));
            root.to(socket.id()).asVolatile().emit("missed");
          });
      assertThat(client.nextText()).isEqualTo("42[\"heard\"]");
      assertThat(client.nextText()).startsWith("42[\"x\"");
      isAlive(client);
    }
  }
}
