package dev.askape.engineio;

import dev.askape.http.WebSocket;

/// Why a connection ended.
public enum EndReason {
  /// The client said so, or its WebSocket was closed.
  TRANSPORT_CLOSE(WebSocket.NORMAL),
  /// The client broke the rules of the transport, as with two GETs at once or a message too large.
  TRANSPORT_ERROR(WebSocket.POLICY_VIOLATION),
  PING_TIMEOUT(WebSocket.NORMAL),
  /// The client sent what is no packet.
  PARSE_ERROR(WebSocket.PROTOCOL_ERROR),
  /// More was queued than the client may leave unread.
  TOO_SLOW(WebSocket.POLICY_VIOLATION),
  SERVER_SHUTTING_DOWN(0),
  FORCED_CLOSE(0);

  /// For the close frame; 0 where there is none. The official client for the JVM does not notice a
  /// close frame (it waits for its ping timeout then), but comes back at once when the connection
  /// breaks, as those for JavaScript do in either case.
  final int webSocketCode;

  /// Whether the server ends the connection, of a client that did nothing wrong.
  boolean isOurs() {
    return this == SERVER_SHUTTING_DOWN || this == FORCED_CLOSE;
  }

  EndReason(int webSocketCode) {
    this.webSocketCode = webSocketCode;
  }
}
