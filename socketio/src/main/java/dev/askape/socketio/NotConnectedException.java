package dev.askape.socketio;

/// The socket was disconnected before the client answered.
public final class NotConnectedException extends IllegalStateException {
  NotConnectedException(String message) {
    super(message);
  }
}
