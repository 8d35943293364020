package dev.askape.socketio;

/// Why a socket was disconnected.
public enum CloseReason {
  /// The client ended the connection, or it broke.
  TRANSPORT_CLOSE("transport close"),
  TRANSPORT_ERROR("transport error"),
  PING_TIMEOUT("ping timeout"),
  /// The client sent what is no packet.
  PARSE_ERROR("parse error"),
  /// The client sent more than is taken.
  PAYLOAD_TOO_LARGE("payload too large"),
  SERVER_NAMESPACE_DISCONNECT("server namespace disconnect"),
  CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
  SERVER_SHUTTING_DOWN("server shutting down"),
  /// The client did not enter a namespace in time.
  CONNECT_TIMEOUT("connect timeout"),
  /// More was queued for the client than it may leave unread.
  TOO_SLOW("client too slow"),
  FORCED_CLOSE("forced close");

  private final String text;

  CloseReason(String text) {
    this.text = text;
  }

  /// The protocol's words for it where it has some.
  public String text() {
    return text;
  }
}
