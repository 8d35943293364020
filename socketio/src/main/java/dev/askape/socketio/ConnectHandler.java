package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;

/// Decides who may enter a namespace.
@FunctionalInterface
public interface ConnectHandler {
  /// Called on a virtual thread: may block. What the client sends meanwhile waits. `auth` is the
  /// payload of its CONNECT packet, an empty object when there was none. An exception refuses.
  ConnectDecision decide(Handshake handshake, JsonNode auth) throws InterruptedException;
}
