package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// stub
public final class Socket {
  public String id() {
    throw new UnsupportedOperationException();
  }

  public Namespace namespace() {
    throw new UnsupportedOperationException();
  }

  public Handshake handshake() {
    throw new UnsupportedOperationException();
  }

  public JsonNode auth() {
    throw new UnsupportedOperationException();
  }

  public EventLoop loop() {
    throw new UnsupportedOperationException();
  }

  public boolean isConnected() {
    throw new UnsupportedOperationException();
  }

  public Socket onEvent(EventListener listener) {
    throw new UnsupportedOperationException();
  }

  public Socket on(String event, EventHandler handler) {
    throw new UnsupportedOperationException();
  }

  public boolean execute(Runnable task) {
    throw new UnsupportedOperationException();
  }

  public Socket onDisconnect(Consumer<CloseReason> handler) {
    throw new UnsupportedOperationException();
  }

  public void emit(String event, Object... args) {
    throw new UnsupportedOperationException();
  }

  public void send(EncodedPacket packet) {
    throw new UnsupportedOperationException();
  }

  public List<JsonNode> request(Duration timeout, String event, Object... args)
      throws TimeoutException, InterruptedException {
    throw new UnsupportedOperationException();
  }

  public boolean takesMore() {
    throw new UnsupportedOperationException();
  }

  public Socket onTakesMore(Runnable callback) {
    throw new UnsupportedOperationException();
  }

  public void join(String room) {
    throw new UnsupportedOperationException();
  }

  public void leave(String room) {
    throw new UnsupportedOperationException();
  }

  public Set<String> rooms() {
    throw new UnsupportedOperationException();
  }

  public void disconnect() {
    throw new UnsupportedOperationException();
  }

  public void close(CloseReason reason) {
    throw new UnsupportedOperationException();
  }
}
