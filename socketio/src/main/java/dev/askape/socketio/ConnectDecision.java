package dev.askape.socketio;

import org.jspecify.annotations.Nullable;

/// Whether a client may enter a namespace.
public sealed interface ConnectDecision {
  record Accept() implements ConnectDecision {}

  /// The client's `connect_error` has this message, and `data` when it is not null.
  record Refuse(String message, @Nullable Object data) implements ConnectDecision {}

  static ConnectDecision accept() {
    return new Accept();
  }

  static ConnectDecision refuse(String message) {
    return new Refuse(message, null);
  }
}
