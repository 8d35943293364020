package dev.askape.socketio;

/// The answer to one event of a client. Safe for any thread.
public interface Ack {
  /// Whether the client waits for an answer.
  boolean wanted();

  /// Answers, the first time and if the client waits for it; else does nothing. The arguments are
  /// as in [Socket#emit].
  void send(Object... args);
}
