package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A Socket.IO client over a bare WebSocket, which shows what comes in the order in which it comes.
/// An acknowledgement is an event called `ack`. For one thread.
final class WireClient implements AutoCloseable, WebSocket.Listener {
  private static final String CLOSED = "closed";

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;

  WireClient(int port) {
    var uri = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
    socket = http.newWebSocketBuilder().buildAsync(uri, this).join();
    send("40");
    assertThat(next()).startsWith("0");
    assertThat(next()).startsWith("40");
  }

  private void send(String packet) {
    socket.sendText(packet, true).join();
  }

  void emit(String event, String payload) {
    send("42[\"" + event + "\"," + payload + "]");
  }

  /// Emits, unless the connection is closed; says whether it is not.
  boolean tryEmit(String event, String payload) {
    try {
      emit(event, payload);
      return true;
    } catch (CompletionException _) {
      return false;
    }
  }

  /// Emits with a callback.
  void ask(String event, String payload) {
    send("421[\"" + event + "\"," + payload + "]");
  }

  private String next() {
    try {
      while (true) {
        var packet = received.poll(20, TimeUnit.SECONDS);
        assertThat(packet).as("a packet").isNotNull();
        if (!packet.equals("2")) {
          return packet;
        }
        send("3");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// The next event.
  Sent nextEvent() {
    var packet = next();
    if (packet.startsWith("431[")) {
      return new Sent("ack", Sent.parsed(packet.substring(3)).get(0));
    }
    assertThat(packet).startsWith("42[");
    JsonNode array = Sent.parsed(packet.substring(2));
    return new Sent(array.get(0).textValue(), array.get(1));
  }

  /// The next events, up to the first of this name.
  List<Sent> eventsTo(String last) {
    var events = new ArrayList<Sent>();
    do {
      events.add(nextEvent());
    } while (!events.getLast().event().equals(last));
    return events;
  }

  void awaitClosed() {
    while (true) {
      if (next().equals(CLOSED)) {
        return;
      }
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    partial.append(text);
    if (last) {
      received.add(partial.toString());
      partial.setLength(0);
    }
    return WebSocket.Listener.super.onText(from, text, last);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    received.add(CLOSED);
    return WebSocket.Listener.super.onClose(from, status, reason);
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    received.add(CLOSED);
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
