package dev.askape.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.testing.Servers;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official client for the JVM, unmodified.
class OfficialClientTest {
  private static IO.Options options(String transports) {
    var options = new IO.Options();
    options.forceNew = true;
    options.transports = transports.split(",");
    options.reconnectionDelay = 20;
    options.reconnectionDelayMax = 50;
    options.auth = Map.of("token", "right");
    return options;
  }

  private static Object take(BlockingQueue<Object> queue) throws InterruptedException {
    Object taken = queue.poll(10, TimeUnit.SECONDS);
    assertThat(taken).as("came within ten seconds").isNotNull();
    return taken;
  }

  @ParameterizedTest
  @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
  void talksWithIt(String transports) throws Exception {
    try (var server = new Servers(SocketSettings.defaults())) {
      BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
      server
          .sockets
          .of("/")
          .onConnect((_, auth) ->
              auth.path("token").asText().equals("right")
                  ? ConnectDecision.accept()
                  : ConnectDecision.refuse("no"))
          .onConnection(socket -> {
            socket.emit("hello", socket.auth());
            socket.on("echo", (args, ack) -> ack.send(args.toArray()));
            socket.on(
                "ask me",
                (_, _) -> {
                  try {
                    heard.add(
                        socket
                            .request(Duration.ofSeconds(10), "question", new byte[] {1, 2})
                            .getFirst()
                            .asText());
                  } catch (java.util.concurrent.TimeoutException e) {
                    heard.add(e);
                  }
                });
          });
      Socket client =
          IO.socket(URI.create("http://127.0.0.1:" + server.http.port()), options(transports));
      client.on("hello", args -> heard.add(((JSONObject) args[0]).optString("token")));
      client.on("question", args -> ((Ack) args[1]).call("answer to " + ((byte[]) args[0]).length));
      client.connect();
      assertThat(take(heard)).isEqualTo("right");
      for (int i = 0; i < 50; i++) {
        int number = i;
        client.emit(
            "echo",
            new Object[] {number, "é😀", new byte[] {9}},
            args -> heard.add(List.of(args[0], args[1], ((byte[]) args[2])[0])));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(take(heard)).isEqualTo(List.of(i, "é😀", (byte) 9));
      }
      client.emit("ask me");
      assertThat(take(heard)).isEqualTo("answer to 2");
      client.disconnect();
      await().until(() -> server.sockets.connections() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
  void comesBackByItselfWhenAServerWasClosed(String transports) throws Exception {
    BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    try (EventLoops loops = EventLoops.start(1)) {
      var first = new SocketServer(SocketSettings.defaults(), loops);
      first.of("/").onConnection(socket -> socket.emit("hello", "first"));
      HttpServer http =
          HttpServer.start(
              HttpSettings.defaults().withAddress("127.0.0.1", 0), loops, List.of(first.route()));
      int port = http.port();
      Socket client = IO.socket(URI.create("http://127.0.0.1:" + port), options(transports));
      client.on("hello", args -> heard.add(args[0]));
      client.on(Socket.EVENT_DISCONNECT, args -> heard.add(args[0]));
      client.connect();
      assertThat(take(heard)).isEqualTo("first");
      first.close();
      http.close();
      assertThat(take(heard)).isIn("transport close", "transport error");

      var second = new SocketServer(SocketSettings.defaults(), loops);
      second.of("/").onConnection(socket -> socket.emit("hello", "second"));
      HttpServer again =
          HttpServer.start(
              HttpSettings.defaults().withAddress("127.0.0.1", port),
              loops,
              List.of(second.route()));
      assertThat(take(heard)).isEqualTo("second");
      client.disconnect();
      second.close();
      again.close();
    }
  }
}
