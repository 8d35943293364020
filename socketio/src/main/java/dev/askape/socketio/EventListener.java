package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// Hears of every event of a socket as it arrives.
@FunctionalInterface
public interface EventListener {
  /// Called on the socket's event loop, in the order of arrival; must not block. Attachments are
  /// [com.fasterxml.jackson.databind.node.BinaryNode]s.
  void onEvent(String event, List<JsonNode> args, Ack ack);
}
