package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// Handles the events of one name.
@FunctionalInterface
public interface EventHandler {
  /// Called on the socket's serial queue, a virtual thread: may block, and then holds up this
  /// socket only.
  void handle(List<JsonNode> args, Ack ack) throws InterruptedException;
}
