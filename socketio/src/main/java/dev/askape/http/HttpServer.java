package dev.askape.http;

import java.util.List;

/// stub
public final class HttpServer implements AutoCloseable {
  public static HttpServer start(HttpSettings settings, EventLoops loops, List<HttpRoute> routes) {
    throw new UnsupportedOperationException();
  }

  public int port() {
    throw new UnsupportedOperationException();
  }

  public void stopAccepting() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
