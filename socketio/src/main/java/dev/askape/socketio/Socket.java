package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client in a namespace. Safe for any thread.
///
/// Its life: connecting (the namespace decides, what the client sends waits), connected,
/// disconnected. The change of state, and what others can see of it (membership in the namespace
/// and its rooms), happen under its lock.
public final class Socket {
  private static final Logger LOG = LoggerFactory.getLogger(Socket.class);

  private enum State {
    CONNECTING,
    CONNECTED,
    DISCONNECTED
  }

  private final String id;
  private final Client client;
  private final Namespace namespace;
  private final JsonNode auth;
  private final int maxWaiting;
  private final SerialQueue serial;
  private final PendingAcks acks;
  private final Map<String, EventHandler> handlers = new ConcurrentHashMap<>();
  private final Set<String> rooms = new HashSet<>();
  private volatile State state = State.CONNECTING;
  private volatile @Nullable EventListener eventListener;
  private volatile @Nullable Consumer<CloseReason> disconnectHandler;
  private volatile @Nullable Runnable takesMoreCallback;

  /// Packets that came before the connection handlers were done; confined to the loop, null since.
  private @Nullable Queue<Packet> waiting = new ArrayDeque<>(0);

  Socket(String id, Client client, Namespace namespace, JsonNode auth) {
    this.id = id;
    this.client = client;
    this.namespace = namespace;
    this.auth = auth;
    SocketSettings settings = client.settings();
    this.maxWaiting = settings.maxPendingEvents();
    this.serial = new SerialQueue(client.threads(), settings.maxPendingEvents());
    this.acks = new PendingAcks(settings.maxPendingAcks());
  }

  /// Public: others may be told it. It is not the id of the connection, which is a secret.
  public String id() {
    return id;
  }

  public Namespace namespace() {
    return namespace;
  }

  /// What the first HTTP request of its connection said.
  public Handshake handshake() {
    return client.handshake();
  }

  /// The payload of its CONNECT packet, an empty object when there was none.
  public JsonNode auth() {
    return auth;
  }

  /// The event loop of its connection, the same for its whole life.
  public EventLoop loop() {
    return client.loop();
  }

  public boolean isConnected() {
    return state == State.CONNECTED;
  }

  /// Hears of every event as it arrives, besides the handlers by name. One listener; to be set in a
  /// connection handler.
  public Socket onEvent(EventListener listener) {
    eventListener = listener;
    return this;
  }

  /// Handles the events of this name, on the serial queue. When that is full the connection is
  /// closed; who can do better uses [#onEvent] and [#execute].
  public Socket on(String event, EventHandler handler) {
    handlers.put(event, handler);
    return this;
  }

  /// Runs a task on the serial queue: one after another, on virtual threads. False when as many
  /// wait as may, or the socket is disconnected.
  public boolean execute(Runnable task) {
    return serial.execute(task);
  }

  /// Called once, on the serial queue, as its last task. One handler; to be set in a connection
  /// handler.
  public Socket onDisconnect(Consumer<CloseReason> handler) {
    disconnectHandler = handler;
    return this;
  }

  /// Sends an event; arguments as in [EncodedPacket#event].
  public void emit(String event, Object... args) {
    send(EncodedPacket.event(namespace.name(), event, args));
  }

  /// Sends a packet of this namespace. Does nothing unless connected.
  public void send(EncodedPacket packet) {
    if (!packet.namespace().equals(namespace.name())) {
      throw new IllegalArgumentException("a packet of namespace " + packet.namespace());
    }
    if (state == State.CONNECTED) {
      client.send(packet);
    }
  }

  /// Sends an event and waits for the client's answer. For virtual threads; never on an event loop.
  ///
  /// @throws TimeoutException when none came in time
  /// @throws NotConnectedException when the socket is disconnected
  /// @throws IllegalStateException when as many answers are awaited as may be
  public List<JsonNode> request(Duration timeout, String event, Object... args)
      throws TimeoutException, InterruptedException {
    if (loop().inEventLoop()) {
      throw new IllegalStateException("would block the event loop");
    }
    return acks.await(
        timeout, ackId -> send(EncodedPacket.event(namespace.name(), ackId, event, args)));
  }

  /// Whether the connection writes what is sent now at once. When not, nothing is lost that is sent
  /// all the same, but it waits in memory. Polling takes more while a GET waits.
  public boolean takesMore() {
    return state == State.CONNECTED && client.takesMore();
  }

  /// Called on the event loop each time the connection takes more again, after [#takesMore] was
  /// false. One callback; to be set in a connection handler.
  public Socket onTakesMore(Runnable callback) {
    takesMoreCallback = callback;
    return this;
  }

  public synchronized void join(String room) {
    if (state == State.CONNECTED && rooms.add(room)) {
      namespace.join(room, this);
    }
  }

  public synchronized void leave(String room) {
    if (rooms.remove(room)) {
      namespace.leave(room, this);
    }
  }

  public synchronized Set<String> rooms() {
    return Set.copyOf(rooms);
  }

  /// Takes the client out of this namespace; its connection stays, and it does not come back by
  /// itself.
  public void disconnect() {
    client.onLoop(() -> {
      if (state == State.CONNECTED) {
        send(EncodedPacket.disconnect(namespace.name()));
      }
      client.left(this);
      disconnected(CloseReason.SERVER_NAMESPACE_DISCONNECT);
    });
  }

  /// Closes the whole connection; to the client it is a transport close, after which it comes back.
  public void close(CloseReason reason) {
    client.close(reason);
  }

  // From here on: for the client, on the loop unless said otherwise.

  /// Has the namespace decide, and enters it.
  void connect() {
    if (!serial.execute(this::decide)) {
      client.close(CloseReason.FORCED_CLOSE);
    }
  }

  @SuppressWarnings("IllegalCatch") // the one place where a failing decision becomes a refusal
  private void decide() { // on the serial queue
    ConnectDecision decision;
    try {
      decision = namespace.decide(handshake(), auth);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException | Error e) {
      LOG.error("connect handler of {} failed", namespace.name(), e);
      decision = ConnectDecision.refuse("internal error");
    }
    switch (decision) {
      case ConnectDecision.Accept _ -> enter();
      case ConnectDecision.Refuse(String message, Object data) ->
          client.refuse(this, EncodedPacket.connectError(namespace.name(), message, data));
    }
  }

  private void enter() { // on the serial queue
    synchronized (this) {
      if (state != State.CONNECTING) {
        return;
      }
      // nothing may be sent to a namespace before its CONNECT, so this is first; it only queues
      client.send(EncodedPacket.connect(namespace.name(), id));
      state = State.CONNECTED;
      namespace.add(this);
      join(id);
    }
    boolean ready = false;
    try {
      namespace.entered(this);
      ready = true;
    } finally {
      if (!ready) {
        client.close(CloseReason.FORCED_CLOSE);
      }
    }
    client.onLoop(this::deliverWaiting);
  }

  private void deliverWaiting() {
    Queue<Packet> came = waiting;
    waiting = null;
    if (came != null) {
      came.forEach(this::deliver);
    }
  }

  void receive(Packet packet) {
    if (waiting == null) {
      deliver(packet);
    } else if (waiting.size() < maxWaiting) {
      waiting.add(packet);
    } else {
      client.close(CloseReason.FORCED_CLOSE);
    }
  }

  private void deliver(Packet packet) {
    if (state != State.CONNECTED) {
      return;
    }
    switch (packet.type()) {
      case EVENT, BINARY_EVENT -> event(packet);
      case ACK, BINARY_ACK -> acks.answer(packet.ackId(), packet.elements(0));
      case DISCONNECT -> {
        client.left(this);
        disconnected(CloseReason.CLIENT_NAMESPACE_DISCONNECT);
      }
      case CONNECT, CONNECT_ERROR -> throw new IllegalArgumentException("not for a socket");
    }
  }

  private void event(Packet packet) {
    String name = packet.payload().get(0).asText();
    List<JsonNode> args = packet.elements(1);
    Ack ack = new Answer(packet.ackId());
    EventListener listener = eventListener;
    if (listener != null) {
      listener.onEvent(name, args, ack);
    }
    EventHandler handler = handlers.get(name);
    if (handler != null && !serial.execute(() -> handle(handler, args, ack))) {
      client.close(CloseReason.FORCED_CLOSE);
    }
  }

  private static void handle(EventHandler handler, List<JsonNode> args, Ack ack) {
    try {
      handler.handle(args, ack);
    } catch (InterruptedException _) { // the server closes
      Thread.currentThread().interrupt();
    }
  }

  void tellThatItTakesMore() {
    Runnable callback = takesMoreCallback;
    if (callback != null && state == State.CONNECTED) {
      callback.run();
    }
  }

  void disconnected(CloseReason reason) {
    State before;
    synchronized (this) {
      before = state;
      state = State.DISCONNECTED;
      rooms.forEach(room -> namespace.leave(room, this));
      rooms.clear();
      namespace.remove(this);
    }
    if (before != State.DISCONNECTED) {
      acks.fail(reason);
      serial.end(() -> tellDisconnected(before, reason));
    }
  }

  private void tellDisconnected(State before, CloseReason reason) {
    Consumer<CloseReason> handler = disconnectHandler;
    if (handler != null && before == State.CONNECTED) {
      handler.accept(reason);
    }
  }

  private final class Answer implements Ack {
    private final long ackId;
    private final AtomicBoolean sent = new AtomicBoolean();

    Answer(long ackId) {
      this.ackId = ackId;
    }

    @Override
    public boolean wanted() {
      return ackId != Packet.NO_ACK;
    }

    @Override
    public void send(Object... args) {
      if (wanted() && sent.compareAndSet(false, true)) {
        Socket.this.send(EncodedPacket.ack(namespace.name(), ackId, args));
      }
    }
  }
}
