package dev.askape.bench.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One Socket.IO connection over WebSocket. Sends from any thread; hears on the connection's own,
/// one event at a time.
final class Wire implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// Who hears what comes.
  interface Ear {
    void event(String name, JsonNode payload);

    /// The connection is gone.
    void closed();
  }

  private final Ear ear;
  private final CountDownLatch connected = new CountDownLatch(1);
  private volatile boolean open;
  private volatile @Nullable WebSocket socket;

  private Wire(Ear ear) {
    this.ear = ear;
  }

  /// Connects; returns when the namespace is connected.
  static Wire connect(HttpClient http, int port, Ear ear) throws IOException, InterruptedException {
    var wire = new Wire(ear);
    var uri = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
    try {
      wire.socket =
          http.newWebSocketBuilder()
              .buildAsync(uri, wire.new Listener())
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("not connected", e);
    }
    if (!wire.connected.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || !wire.open) {
      wire.close();
      throw new IOException("not connected");
    }
    return wire;
  }

  boolean isOpen() {
    return open;
  }

  void emit(String event, ObjectNode payload) throws IOException {
    var packet = JSON.createArrayNode().add(event).add(payload);
    send("42" + packet);
  }

  private synchronized void send(String text) throws IOException {
    var to = socket;
    if (to == null) {
      throw new IOException("not connected");
    }
    try {
      to.sendText(text, true).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | IllegalStateException e) {
      throw new IOException("not sent", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    open = false;
    var to = socket;
    if (to != null) {
      to.abort();
    }
  }

  private void gone() {
    open = false;
    connected.countDown();
    ear.closed();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder packet = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      packet.append(data);
      if (last) {
        var whole = packet.toString();
        packet.setLength(0);
        packet(from, whole);
      }
      from.request(1);
      return null;
    }

    private void packet(WebSocket from, String text) {
      switch (text.charAt(0)) {
        case '0' -> reply(from, "40");
        case '2' -> reply(from, "3");
        case '4' -> message(text);
        default -> {
          // nothing for us
        }
      }
    }

    /// In the connection's thread, where nothing may wait; our sends are short.
    private void reply(WebSocket from, String text) {
      synchronized (Wire.this) {
        try {
          CompletableFuture<?> sent = from.sendText(text, true);
          sent.join();
        } catch (IllegalStateException | CompletionException _) {
          gone();
        }
      }
    }

    private void message(String text) {
      if (text.startsWith("40")) {
        open = true;
        connected.countDown();
      } else if (text.startsWith("42")) {
        try {
          var event = JSON.readTree(text.substring(2));
          ear.event(event.path(0).asText(), event.path(1));
        } catch (JsonProcessingException e) {
          throw new IllegalStateException("not JSON: " + text, e);
        }
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      gone();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      gone();
    }
  }
}
