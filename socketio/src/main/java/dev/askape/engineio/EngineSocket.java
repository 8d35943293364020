package dev.askape.engineio;

import dev.askape.http.HttpExchange;
import dev.askape.http.RequestHead;
import dev.askape.http.WebSocket;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client. Confined to its event loop, but for what is said to be safe for any thread.
///
/// Its transport is polling or a WebSocket; a WebSocket that is not its transport yet is its
/// candidate. What is sent is queued, and written once per turn of the loop.
public final class EngineSocket {
  private static final Logger LOG = LoggerFactory.getLogger(EngineSocket.class);

  /// So much may be queued in one turn before the socket says that it takes no more.
  private static final int TURN_BYTES = 16 * 1024;

  private final EngineServer server;
  private final EngineSettings settings;
  private final String id;
  private final EventLoop loop;
  private final RequestHead handshake;

  private final Queue<List<EnginePacket>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicInteger queuedPackets = new AtomicInteger();
  private final AtomicBoolean flushDue = new AtomicBoolean();
  private volatile boolean denied; // somebody was told that it takes no more
  private volatile boolean closed;
  private volatile Transport transport;
  private @Nullable WebSocketLink candidate; // to be the transport
  private @Nullable EndReason endAfterUpgrade;
  private final EngineListener listener;
  private final Timer ping;
  private final Timer pingTimeout;
  private boolean pongDue;

  EngineSocket(
      EngineServer server,
      EngineSettings settings,
      HttpExchange opening,
      Function<EngineSocket, EngineListener> onOpen) {
    this.server = server;
    this.settings = settings;
    this.id = EngineServer.randomId();
    this.loop = opening.loop();
    this.handshake = opening.head();
    this.ping = new Timer(loop);
    this.pingTimeout = new Timer(loop);
    boolean webSocket = opening.asksForWebSocket();
    this.transport = webSocket ? new WebSocketLink(this) : new Polling(this, settings.maxPayload());
    send(List.of(EnginePacket.open(openPacket(webSocket))));
    this.listener = onOpen.apply(this);
  }

  /// Known to the client and nobody else.
  public String id() {
    return id;
  }

  /// The loop that it is confined to.
  public EventLoop loop() {
    return loop;
  }

  /// What its first request said.
  public RequestHead handshake() {
    return handshake;
  }

  /// Safe for any thread.
  public boolean isClosed() {
    return closed;
  }

  /// Sends packets between which no other comes. Safe for any thread; after the end it does
  /// nothing.
  public void send(List<EnginePacket> unit) {
    if (closed) {
      return;
    }
    queuedBytes.addAndGet(size(unit));
    queuedPackets.incrementAndGet();
    queue.add(unit);
    if (flushDue.compareAndSet(false, true)) {
      loop.execute(this::flush);
    }
  }

  /// Whether what is sent now goes out at once. When not, [EngineListener#onTakesMore] tells when
  /// it does again. Safe for any thread.
  public boolean takesMore() {
    boolean takes = !closed && queuedBytes.get() < TURN_BYTES && transport.takesMore();
    if (!takes) {
      denied = true;
    }
    return takes;
  }

  /// Ends the connection. Safe for any thread.
  public void close(EndReason reason) {
    if (loop.inEventLoop()) {
      end(reason);
    } else {
      loop.execute(() -> end(reason));
    }
  }

  // From here on: called on the loop.

  void open(HttpExchange exchange) {
    heartbeat();
    switch (transport) {
      case Polling polling -> polling.request(exchange);
      case WebSocketLink link -> {
        if (!link.open(exchange, settings.maxPayload())) {
          end(EndReason.TRANSPORT_ERROR);
        }
      }
    }
  }

  private String openPacket(boolean webSocket) {
    return "{\"sid\":\"%s\",\"upgrades\":[%s],\"pingInterval\":%d,\"pingTimeout\":%d,\"maxPayload\":%d}"
        .formatted(
            id,
            webSocket ? "" : "\"websocket\"",
            settings.pingInterval().toMillis(),
            settings.pingTimeout().toMillis(),
            settings.maxPayload());
  }

  /// A further request of this client.
  void request(HttpExchange exchange) {
    if (exchange.asksForWebSocket()) {
      beginUpgrade(exchange);
    } else if (transport instanceof Polling polling) {
      polling.request(exchange);
    } else {
      (closed ? RequestError.UNKNOWN_SID : RequestError.BAD_REQUEST).answer(exchange);
    }
  }

  /// A POST whose body is still to come.
  void beginPost(HttpExchange exchange) {
    if (transport instanceof Polling polling && !closed) {
      polling.beginPost(exchange);
    }
  }

  /// A WebSocket that is one too many is closed after it was opened: so says the protocol.
  private void beginUpgrade(HttpExchange exchange) {
    var link = new WebSocketLink(this);
    boolean wanted = !closed && transport instanceof Polling && candidate == null;
    if (wanted) {
      candidate = link;
    }
    if (!link.open(exchange, settings.maxPayload())) {
      upgradeFailed(link);
    } else if (wanted) {
      link.expectUpgrade(settings.upgradeTimeout());
    } else {
      link.close(WebSocket.POLICY_VIOLATION);
    }
  }

  boolean isCandidate(WebSocketLink link) {
    return candidate == link;
  }

  void probed() {
    if (transport instanceof Polling polling) {
      polling.probed(true);
    }
  }

  void upgraded(WebSocketLink link) {
    if (transport instanceof Polling polling) {
      polling.upgraded();
    }
    candidate = null;
    transport = link;
    flush();
    endIfDue();
  }

  void upgradeFailed(WebSocketLink link) {
    if (candidate == link) {
      candidate = null;
      if (transport instanceof Polling polling) {
        polling.probed(false);
      }
      endIfDue();
    }
  }

  private void endIfDue() {
    EndReason due = endAfterUpgrade;
    if (due != null) {
      end(due);
    }
  }

  private void flush() {
    flushDue.set(false);
    if (closed) {
      queue.clear();
      return;
    }
    transport.flush();
    List<EnginePacket> head = queue.peek();
    if (head != null) {
      int writing = transport.midPacket() ? 0 : 1;
      long beyond = queuedBytes.get() - writing * size(head);
      if (beyond > settings.maxQueuedBytes()
          || queuedPackets.get() - writing > settings.maxQueuedPackets()) {
        end(EndReason.TOO_SLOW);
        return;
      }
    }
    tellWhetherItTakesMore();
  }

  /// What is to be written next, null when there is nothing.
  @Nullable List<EnginePacket> next() {
    List<EnginePacket> unit = queue.poll();
    if (unit != null) {
      queuedBytes.addAndGet(-size(unit));
      queuedPackets.decrementAndGet();
    }
    return unit;
  }

  private static long size(List<EnginePacket> unit) {
    long size = 0;
    for (EnginePacket packet : unit) {
      size += packet.size();
    }
    return size;
  }

  void tellWhetherItTakesMore() {
    boolean asked = denied;
    denied = false;
    if (takesMore() && asked) {
      run(listener::onTakesMore);
    }
  }

  boolean isTransport(Transport asking) {
    return transport == asking;
  }

  // What the client sends.

  void receiveText(byte[] packet, int offset, int length) {
    if (closed) {
      return;
    }
    if (length == 0) {
      end(EndReason.PARSE_ERROR);
      return;
    }
    switch (packet[offset]) {
      case '1' -> end(EndReason.TRANSPORT_CLOSE);
      case '3' -> pong();
      case '4' ->
          run(() -> listener.onText(decode(ByteBuffer.wrap(packet, offset + 1, length - 1))));
      case '6' -> {}
      default -> end(EndReason.PARSE_ERROR);
    }
  }

  void receiveBinary(byte[] message) {
    if (!closed) {
      run(() -> listener.onBinary(message));
    }
  }

  private static String decode(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException _) {
      throw new MalformedPacketException("not UTF-8");
    }
  }

  /// The one place where what the listener throws ends its connection, and no other.
  @SuppressWarnings("IllegalCatch")
  private void run(Runnable task) {
    try {
      task.run();
    } catch (MalformedPacketException e) {
      LOG.debug("malformed packet from {}: {}", handshake.remoteAddress(), e.getMessage());
      end(EndReason.PARSE_ERROR);
    } catch (RuntimeException e) {
      LOG.error("listener of {} failed", handshake.remoteAddress(), e);
      end(EndReason.FORCED_CLOSE);
    }
  }

  /// Starts the heartbeat, and again at each pong. The time for the pong counts from now too, so
  /// that a ping that is late does not delay the end of a client that is gone.
  private void heartbeat() {
    pongDue = false;
    ping.start(settings.pingInterval(), this::ping);
    pingTimeout.start(
        settings.pingInterval().plus(settings.pingTimeout()), () -> end(EndReason.PING_TIMEOUT));
  }

  private void ping() {
    pongDue = true;
    send(List.of(EnginePacket.PING));
  }

  private void pong() {
    if (pongDue) {
      heartbeat();
    }
  }

  void end(EndReason reason) {
    if (closed) {
      return;
    }
    WebSocketLink upgrading = candidate;
    if (reason.isOurs() && upgrading != null && upgrading.isProbed() && !transport.takesMore()) {
      // the client does not poll any more, and is deaf until its upgrade is complete
      endAfterUpgrade = reason;
      upgrading.expectUpgrade(Polling.LAST_POLL);
      return;
    }
    closed = true;
    ping.cancel();
    pingTimeout.cancel();
    if (upgrading != null) {
      upgrading.giveUp();
    }
    transport.close(reason);
    queue.clear();
    run(() -> listener.onClose(reason));
    if (!(transport instanceof Polling polling && polling.isLastPollDue())) {
      forget();
    }
  }

  void forget() {
    server.forget(this);
  }
}
