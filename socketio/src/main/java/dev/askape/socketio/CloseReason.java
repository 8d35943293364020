package dev.askape.socketio;

import dev.askape.engineio.EndReason;

/// Why a socket was disconnected.
public enum CloseReason {
  /// The client ended the connection, or it broke.
  TRANSPORT_CLOSE("transport close"),
  /// The client broke the transport's rules, or sent more than is taken.
  TRANSPORT_ERROR("transport error"),
  PING_TIMEOUT("ping timeout"),
  /// The client sent what is no packet.
  PARSE_ERROR("parse error"),
  SERVER_NAMESPACE_DISCONNECT("server namespace disconnect"),
  CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
  SERVER_SHUTTING_DOWN("server shutting down"),
  FORCED_CLOSE("forced close"),
  /// The client left more unread than it may. (Not one of the protocol's own words.)
  TOO_SLOW("client too slow");

  private final String text;

  CloseReason(String text) {
    this.text = text;
  }

  /// In the protocol's words.
  public String text() {
    return text;
  }

  static CloseReason of(EndReason reason) {
    return switch (reason) {
      case TRANSPORT_CLOSE -> TRANSPORT_CLOSE;
      case TRANSPORT_ERROR -> TRANSPORT_ERROR;
      case PING_TIMEOUT -> PING_TIMEOUT;
      case PARSE_ERROR -> PARSE_ERROR;
      case TOO_SLOW -> TOO_SLOW;
      case SERVER_SHUTTING_DOWN -> SERVER_SHUTTING_DOWN;
      case FORCED_CLOSE -> FORCED_CLOSE;
    };
  }
}
