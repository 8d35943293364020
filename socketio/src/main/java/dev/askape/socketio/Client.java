package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.askape.engineio.EndReason;
import dev.askape.engineio.EngineListener;
import dev.askape.engineio.EngineServer;
import dev.askape.engineio.EngineSocket;
import dev.askape.engineio.MalformedPacketException;
import dev.askape.http.RequestHead;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection, with its sockets: at most one in each namespace. Confined to its event loop, but
/// for what is said to be safe for any thread.
final class Client implements EngineListener {
  private final SocketServer server;
  private final EngineSocket engine;
  private final Handshake handshake;
  private final Map<String, Socket> sockets = new HashMap<>(2);

  /// Namespaces it was in: packets that it sent before it knew that it left are no fault.
  private final Set<String> left = new HashSet<>(0);

  private @Nullable Packet incomplete; // its attachments are still to come
  private final List<byte[]> attachments = new ArrayList<>(0);
  private int attachedBytes;
  private @Nullable Future<?> connectTimer;
  private volatile @Nullable CloseReason closeReason;

  Client(SocketServer server, EngineSocket engine) {
    this.server = server;
    this.engine = engine;
    RequestHead head = engine.handshake();
    this.handshake = new Handshake(head.query(), head.headers(), head.remoteAddress());
    expectConnect();
  }

  SocketSettings settings() {
    return server.settings();
  }

  Executor threads() {
    return server.threads();
  }

  Handshake handshake() {
    return handshake;
  }

  EventLoop loop() {
    return engine.loop();
  }

  /// Safe for any thread.
  void send(EncodedPacket packet) {
    engine.send(packet.parts());
  }

  /// Safe for any thread.
  boolean takesMore() {
    return engine.takesMore();
  }

  /// Safe for any thread.
  void close(CloseReason reason) {
    onLoop(() -> {
      closeReason = reason;
      engine.close(EndReason.FORCED_CLOSE);
    });
  }

  /// Safe for any thread.
  void onLoop(Runnable task) {
    if (loop().inEventLoop()) {
      task.run();
    } else {
      loop().execute(task);
    }
  }

  @Override
  public void onText(String message) {
    if (incomplete != null) {
      throw new MalformedPacketException("text where attachments are due");
    }
    Packet packet = server.decoder().decode(message);
    if (packet.attachments() > 0) {
      incomplete = packet;
    } else {
      receive(packet);
    }
  }

  @Override
  public void onBinary(byte[] message) {
    Packet packet = incomplete;
    if (packet == null) {
      throw new MalformedPacketException("an attachment without its packet");
    }
    attachedBytes += message.length;
    if (attachedBytes > settings().maxPayload()) {
      throw new MalformedPacketException("attachments too large");
    }
    attachments.add(message);
    if (attachments.size() == packet.attachments()) {
      JsonNode filled = PacketDecoder.fill(packet.payload(), attachments);
      incomplete = null;
      attachments.clear();
      attachedBytes = 0;
      receive(packet.with(filled));
    }
  }

  private void receive(Packet packet) {
    String name = packet.namespace();
    Socket socket = sockets.get(name);
    if (packet.type() == PacketType.CONNECT) {
      if (socket == null) { // a second CONNECT happens to the official client; it means nothing
        connect(name, packet.payload());
      }
    } else if (socket != null) {
      socket.receive(packet);
    } else if (!left.contains(name)) {
      throw new MalformedPacketException("not connected to the namespace");
    }
  }

  private void connect(String name, JsonNode payload) {
    Namespace namespace = server.find(name);
    if (namespace == null) {
      send(EncodedPacket.connectError(name, "Invalid namespace", null));
      return;
    }
    if (connectTimer != null) {
      connectTimer.cancel(false);
    }
    JsonNode auth = payload.isMissingNode() ? JsonNodeFactory.instance.objectNode() : payload;
    var socket = new Socket(EngineServer.randomId(), this, namespace, auth);
    sockets.put(name, socket);
    socket.connect();
  }

  /// Safe for any thread.
  void refuse(Socket socket, EncodedPacket refusal) {
    onLoop(() -> {
      send(refusal);
      left(socket);
      socket.disconnected(CloseReason.SERVER_NAMESPACE_DISCONNECT);
    });
  }

  void left(Socket socket) {
    String name = socket.namespace().name();
    if (sockets.remove(name, socket)) {
      left.add(name);
      if (sockets.isEmpty() && !engine.isClosed()) {
        expectConnect();
      }
    }
  }

  /// A connection that is in no namespace is closed after a while.
  private void expectConnect() {
    connectTimer =
        loop()
            .schedule(
                () -> engine.close(EndReason.FORCED_CLOSE),
                settings().connectTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void onTakesMore() {
    for (Socket socket : List.copyOf(sockets.values())) {
      socket.tellThatItTakesMore();
    }
  }

  @Override
  public void onClose(EndReason reason) {
    if (connectTimer != null) {
      connectTimer.cancel(false);
    }
    CloseReason told = closeReason;
    CloseReason actual = told != null ? told : CloseReason.of(reason);
    List<Socket> all = List.copyOf(sockets.values());
    sockets.clear();
    all.forEach(socket -> socket.disconnected(actual));
  }
}
