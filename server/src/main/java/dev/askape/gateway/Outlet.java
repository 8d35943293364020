package dev.askape.gateway;

import dev.askape.socketio.EncodedPacket;

/// Where a viewer's events go: a socket that says whether it takes more.
interface Outlet {
  boolean takesMore();

  void send(EncodedPacket packet);

  /// Ends the connection in a way that lets the client come back.
  void close();
}
