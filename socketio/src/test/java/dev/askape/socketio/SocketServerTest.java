package dev.askape.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.askape.testing.Servers;
import dev.askape.testing.TestClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What needs a server of its own.
class SocketServerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /// Long enough for a connection to be opened, an upgrade included, on a busy machine.
  private static final Duration SHORT = Duration.ofSeconds(1);

  @ParameterizedTest
  @EnumSource(names = {"POLLING", "WEBSOCKET"})
  void closesAConnectionThatEntersNoNamespace(TestClient.Way way) {
    try (var server = new Servers(SocketSettings.defaults().withTimeouts(LONG, SHORT));
        TestClient client = server.open(way)) {
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      await().until(() -> server.sockets.connections() == 0);
    }
  }

  @Test
  void closesAConnectionThatLeftItsLastNamespace() {
    try (var server =
        new Servers(SocketSettings.defaults().withTimeouts(LONG, Duration.ofSeconds(1)))) {
      server.sockets.of("/");
      try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
        client.connect("/");
        client.send("41");
        assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestClient.Way.class)
  void endsConnectionsWithATransportCloseWhenItCloses(TestClient.Way way) throws Exception {
    BlockingQueue<CloseReason> left = new LinkedBlockingQueue<>();
    var server = new Servers(SocketSettings.defaults());
    server.sockets.of("/").onConnection(socket -> socket.onDisconnect(left::add));
    try (TestClient client = server.open(way)) {
      client.connect("/");
      server.sockets.close();
      // no 41: that would keep the client away
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      assertThat(left.poll(10, TimeUnit.SECONDS)).isEqualTo(CloseReason.SERVER_SHUTTING_DOWN);
    } finally {
      server.close();
    }
  }

  @Test
  void interruptsHandlersThatDoNotEndWhenItCloses() throws InterruptedException {
    var started = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var server = new Servers(SocketSettings.defaults());
    server
        .sockets
        .of("/")
        .onConnection(socket ->
            socket.on(
                "block",
                (_, _) -> {
                  started.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } finally {
                    interrupted.countDown();
                  }
                }));
    try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
      client.connect("/");
      client.send("42[\"block\"]");
      assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      server.close();
    }
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aDecisionThatFailsRefuses() {
    try (var server = new Servers(SocketSettings.defaults())) {
      server
          .sockets
          .of("/")
          .onConnect((_, _) -> {
            throw new IllegalStateException("on purpose");
          });
      try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
        client.send("40");
        assertThat(client.next()).isEqualTo("44{\"message\":\"internal error\"}");
      }
    }
  }

  @Test
  void aFailingConnectionHandlerClosesTheConnection() {
    try (var server = new Servers(SocketSettings.defaults())) {
      server
          .sockets
          .of("/")
          .onConnection(_ -> {
            throw new IllegalStateException("on purpose");
          });
      try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
        client.connect("/");
        assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      }
    }
  }

  @Test
  void aClientThatLeavesDuringTheDecisionNeverEnters() throws InterruptedException {
    var asked = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var decided = new CountDownLatch(1);
    Set<Socket> entered = ConcurrentHashMap.newKeySet();
    try (var server = new Servers(SocketSettings.defaults())) {
      Namespace root =
          server
              .sockets
              .of("/")
              .onConnect((_, _) -> {
                asked.countDown();
                gate.await();
                decided.countDown();
                return ConnectDecision.accept();
              })
              .onConnection(entered::add);
      try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
        client.send("40");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      }
      await().until(() -> server.sockets.connections() == 0);
      gate.countDown();
      assertThat(decided.await(10, TimeUnit.SECONDS)).isTrue();
      server.sockets.close(); // waits for the serial queues
      assertThat(entered).isEmpty();
      assertThat(root.roomCount()).isZero();
    }
  }

  @Test
  void forgetsTheRoomsOfThoseWhoLeft() {
    try (var server = new Servers(SocketSettings.defaults())) {
      Namespace root = server.sockets.of("/").onConnection(socket -> socket.join("room"));
      try (TestClient one = server.open(TestClient.Way.WEBSOCKET);
          TestClient two = server.open(TestClient.Way.WEBSOCKET)) { // between polls nobody leaves
        one.connect("/");
        two.connect("/");
        await().until(() -> root.roomCount() == 3); // and each socket's own
      }
      await().until(() -> root.roomCount() == 0);
    }
  }

  @Test
  void closesAClientWhoseEventsPileUp() throws InterruptedException {
    var gate = new CountDownLatch(1);
    BlockingQueue<CloseReason> left = new LinkedBlockingQueue<>();
    try (var server = new Servers(SocketSettings.defaults())) {
      server
          .sockets
          .of("/")
          .onConnection(socket -> {
            socket.onDisconnect(left::add);
            socket.on("block", (_, _) -> gate.await());
          });
      try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
        client.connect("/");
        for (int i = 0; i < 300; i++) {
          client.send("42[\"block\"]");
        }
        assertThat(client.next()).isEqualTo(TestClient.CLOSED);
        gate.countDown();
        assertThat(left.poll(10, TimeUnit.SECONDS)).isEqualTo(CloseReason.FORCED_CLOSE);
      }
    }
  }

  @Test
  void awaitsNoMoreAnswersThanItMay() throws InterruptedException {
    BlockingQueue<Socket> entered = new LinkedBlockingQueue<>();
    try (var server = new Servers(SocketSettings.defaults())) {
      server.sockets.of("/").onConnection(entered::add);
      try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
        client.connect("/");
        Socket socket = entered.poll(10, TimeUnit.SECONDS);
        for (int i = 0; i < SocketSettings.defaults().maxPendingAcks(); i++) {
          Thread.startVirtualThread(
              () -> assertThatThrownBy(() -> socket.request(LONG, "q")).isNotNull());
          assertThat(client.nextText()).contains("[\"q\"]");
        }
        assertThatThrownBy(() -> socket.request(LONG, "one too many"))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("too many");
      }
    }
  }

  @Test
  void refusesToSendPacketsOfAnotherNamespace() throws InterruptedException {
    BlockingQueue<Socket> entered = new LinkedBlockingQueue<>();
    try (var server = new Servers(SocketSettings.defaults())) {
      server.sockets.of("/").onConnection(entered::add);
      try (TestClient client = server.open(TestClient.Way.WEBSOCKET)) {
        client.connect("/");
        Socket socket = entered.poll(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> socket.send(EncodedPacket.event("/other", "e")))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }
}
