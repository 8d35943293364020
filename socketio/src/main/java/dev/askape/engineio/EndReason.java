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
  SERVER_SHUTTING_DOWN(WebSocket.GOING_AWAY),
  FORCED_CLOSE(WebSocket.NORMAL);

  final int webSocketCode;

  EndReason(int webSocketCode) {
    this.webSocketCode = webSocketCode;
  }
}
