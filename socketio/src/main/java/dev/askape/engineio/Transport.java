package dev.askape.engineio;

/// What carries a socket's packets at the moment.
sealed interface Transport permits Polling, WebSocketLink {
  /// Whether a packet that is queued now goes out at once. Safe for any thread.
  boolean takesMore();

  /// Writes what is queued, as far as the client takes it.
  void flush();

  /// Whether a packet is written in part.
  boolean midPacket();

  /// Ends it, after the socket ended.
  void close(EndReason reason);
}
