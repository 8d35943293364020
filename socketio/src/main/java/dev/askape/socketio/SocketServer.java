package dev.askape.socketio;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpRoute;

/// stub
public final class SocketServer implements AutoCloseable {
  public SocketServer(SocketSettings settings, EventLoops loops) {}

  public HttpRoute route() {
    throw new UnsupportedOperationException();
  }

  public Namespace of(String name) {
    throw new UnsupportedOperationException();
  }

  public int connections() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
