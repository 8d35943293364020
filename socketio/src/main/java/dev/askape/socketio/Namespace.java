package dev.askape.socketio;

import java.util.function.Consumer;

/// stub
public final class Namespace {
  public String name() {
    throw new UnsupportedOperationException();
  }

  public Namespace onConnect(ConnectHandler handler) {
    throw new UnsupportedOperationException();
  }

  public Namespace onConnection(Consumer<Socket> handler) {
    throw new UnsupportedOperationException();
  }

  public Broadcast to(String... rooms) {
    throw new UnsupportedOperationException();
  }

  public Broadcast all() {
    throw new UnsupportedOperationException();
  }
}
