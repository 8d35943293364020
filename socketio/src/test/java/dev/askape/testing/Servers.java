package dev.askape.testing;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpRoute;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.socketio.SocketServer;
import dev.askape.socketio.SocketSettings;
import java.util.Arrays;

/// A whole server on a free port of loopback.
public final class Servers implements AutoCloseable {
  public final EventLoops loops = EventLoops.start(2);
  public final SocketServer sockets;
  public final HttpServer http;

  public Servers(SocketSettings settings) {
    this(settings, HttpSettings.defaults());
  }

  public Servers(SocketSettings settings, HttpSettings httpSettings, HttpRoute... others) {
    sockets = new SocketServer(settings, loops);
    var routes = new java.util.ArrayList<>(Arrays.asList(others));
    routes.add(sockets.route());
    http = HttpServer.start(httpSettings.withAddress("127.0.0.1", 0), loops, routes);
  }

  public TestClient open(TestClient.Way way) {
    return TestClient.open(http.port(), "/socket.io/", way);
  }

  public RawConnection raw() {
    return new RawConnection(http.port());
  }

  @Override
  public void close() {
    http.stopAccepting();
    sockets.close();
    http.close();
    loops.close();
  }
}
