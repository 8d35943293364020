package dev.askape.conformance;

import dev.askape.engineio.EndReason;
import dev.askape.engineio.EngineListener;
import dev.askape.engineio.EnginePacket;
import dev.askape.engineio.EngineServer;
import dev.askape.engineio.EngineSettings;
import dev.askape.engineio.EngineSocket;
import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.http.Slices;
import dev.askape.socketio.Namespace;
import dev.askape.socketio.Socket;
import dev.askape.socketio.SocketServer;
import dev.askape.socketio.SocketSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// What the official Engine.IO and Socket.IO suites talk to: the raw echo at `/engine.io/` and the
/// test application at `/socket.io/`, with their short heartbeat.
public final class ConformanceServer implements AutoCloseable {
  private static final Duration PING_INTERVAL = Duration.ofMillis(300);
  private static final Duration PING_TIMEOUT = Duration.ofMillis(200);

  private final EngineServer echo;
  private final SocketServer sockets;
  private final HttpServer http;

  private ConformanceServer(EngineServer echo, SocketServer sockets, HttpServer http) {
    this.echo = echo;
    this.sockets = sockets;
    this.http = http;
  }

  /// Listens on loopback; port 0 takes a free one.
  public static ConformanceServer start(int port, EventLoops loops) {
    SocketSettings settings = SocketSettings.defaults().withHeartbeat(PING_INTERVAL, PING_TIMEOUT);
    var engineSettings =
        new EngineSettings(
            "/engine.io/",
            PING_INTERVAL,
            PING_TIMEOUT,
            settings.upgradeTimeout(),
            settings.maxPayload(),
            settings.maxSockets(),
            settings.maxSocketsPerAddress(),
            settings.maxQueuedBytes(),
            settings.maxQueuedPackets());
    var echo = new EngineServer(engineSettings, Echo::new);
    var sockets = new SocketServer(settings, loops);
    application(sockets.of("/"));
    application(sockets.of("/custom"));
    var http =
        HttpServer.start(
            HttpSettings.defaults().withAddress("127.0.0.1", port),
            loops,
            List.of(echo.route(), sockets.route()));
    return new ConformanceServer(echo, sockets, http);
  }

  private static void application(Namespace namespace) {
    namespace.onConnection(ConformanceServer::serve);
  }

  private static void serve(Socket socket) {
    socket.emit("auth", socket.auth());
    socket.on("message", (args, _) -> socket.emit("message-back", args.toArray()));
    socket.on("message-with-ack", (args, ack) -> ack.send(args.toArray()));
  }

  public int port() {
    return http.port();
  }

  @Override
  public void close() {
    http.stopAccepting();
    echo.close();
    sockets.close();
    http.close();
  }

  /// Sends back what it is sent.
  private record Echo(EngineSocket socket) implements EngineListener {
    @Override
    public void onText(String message) {
      byte[] utf8 = message.getBytes(StandardCharsets.UTF_8);
      socket.send(List.of(EnginePacket.text(utf8, Slices.EMPTY)));
    }

    @Override
    public void onBinary(byte[] message) {
      socket.send(List.of(EnginePacket.binary(message)));
    }

    @Override
    public void onTakesMore() {}

    @Override
    public void onClose(EndReason reason) {}
  }
}
