package dev.askape.conformance;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;

/// What the official Engine.IO and Socket.IO suites talk to: the raw echo at `/engine.io/` and the
/// test application at `/socket.io/`, with their short heartbeat.
public final class ConformanceServer {
  private ConformanceServer() {}

  public static HttpServer start(int port, EventLoops loops) {
    throw new UnsupportedOperationException();
  }
}
