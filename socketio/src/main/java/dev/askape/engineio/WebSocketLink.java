package dev.askape.engineio;

import dev.askape.http.HttpExchange;
import dev.askape.http.Slices;
import dev.askape.http.WebSocket;
import dev.askape.http.WebSocketListener;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A WebSocket of a client: its transport, or about to take polling's place (Engine.IO v4,
/// Upgrade): the client probes it with a ping, ends its polls, and says "upgrade". One packet is
/// one frame.
final class WebSocketLink implements WebSocketListener, Transport {
  private static final byte[] PROBE_PING = {'2', 'p', 'r', 'o', 'b', 'e'};
  private static final byte[] UPGRADE = {'5'};

  private final EngineSocket socket;
  private final Timer upgradeTimer;
  private volatile @Nullable WebSocket webSocket;
  private Iterator<EnginePacket> unit = Collections.emptyIterator(); // being written
  private boolean probed;

  WebSocketLink(EngineSocket socket) {
    this.socket = socket;
    this.upgradeTimer = new Timer(socket.loop());
  }

  /// False when the request is not fit for a WebSocket.
  boolean open(HttpExchange exchange, int maxPayload) {
    return exchange.upgrade(this, maxPayload);
  }

  /// Waits so long for the client to complete the upgrade.
  void expectUpgrade(Duration timeout) {
    upgradeTimer.start(timeout, this::giveUp);
  }

  @Override
  public void onOpen(WebSocket opened) {
    webSocket = opened;
  }

  @Override
  public void onMessage(boolean binary, byte[] payload) {
    if (socket.isTransport(this)) {
      if (binary) {
        socket.receiveBinary(payload);
      } else {
        socket.receiveText(payload, 0, payload.length);
      }
    } else if (!socket.isCandidate(this)) {
      close(WebSocket.POLICY_VIOLATION);
    } else if (!binary && Arrays.equals(payload, PROBE_PING)) {
      unit = List.of(EnginePacket.PROBE_PONG).iterator();
      probed = true;
      flush();
      socket.probed();
    } else if (!binary && probed && Arrays.equals(payload, UPGRADE)) {
      upgradeTimer.cancel();
      socket.upgraded(this);
    } else {
      giveUp();
    }
  }

  /// Whether the client knows that this works, and ends its polls.
  boolean isProbed() {
    return probed;
  }

  /// Ends the upgrade, and this with it; polling goes on.
  void giveUp() {
    upgradeTimer.cancel();
    socket.upgradeFailed(this);
    close(WebSocket.POLICY_VIOLATION);
  }

  @Override
  public @Nullable Slices nextFrame() {
    if (!unit.hasNext() && socket.isTransport(this)) {
      List<EnginePacket> next = socket.next();
      unit = next == null ? Collections.emptyIterator() : next.iterator();
    }
    return unit.hasNext() ? unit.next().frame() : null;
  }

  @Override
  public void onReady() {
    if (socket.isTransport(this)) {
      socket.tellWhetherItTakesMore();
    }
  }

  @Override
  public void onClose(int problem) {
    upgradeTimer.cancel();
    if (socket.isTransport(this)) {
      socket.end(problem == 0 ? EndReason.TRANSPORT_CLOSE : EndReason.TRANSPORT_ERROR);
    } else {
      socket.upgradeFailed(this);
    }
  }

  @Override
  public boolean takesMore() {
    WebSocket open = webSocket;
    return open != null && open.isReady();
  }

  @Override
  public boolean midPacket() {
    return unit.hasNext() || open().isMidFrame();
  }

  @Override
  public void flush() {
    open().flush();
  }

  @Override
  public void close(EndReason reason) {
    if (webSocket != null) { // else the request was not fit to become one
      flush();
      if (reason.isOurs()) {
        open().drop();
      } else {
        close(reason.webSocketCode);
      }
    }
  }

  void close(int code) {
    open().close(code);
  }

  private WebSocket open() {
    return Objects.requireNonNull(webSocket, "not open yet");
  }
}
