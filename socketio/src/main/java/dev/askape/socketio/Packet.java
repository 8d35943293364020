package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// A packet that a client sent, its type and payload fitting each other.
///
/// @param ackId not negative where the client waits for an answer, or answers
/// @param payload a missing node where there is none
/// @param attachments how many binary messages belong to it and follow
record Packet(PacketType type, String namespace, long ackId, JsonNode payload, int attachments) {
  static final long NO_ACK = -1;

  /// The elements of its array from this one on.
  List<JsonNode> elements(int from) {
    List<JsonNode> elements = new ArrayList<>(payload.size());
    for (int i = from; i < payload.size(); i++) {
      elements.add(payload.get(i));
    }
    return elements;
  }

  Packet with(JsonNode filled) {
    return new Packet(type, namespace, ackId, filled, attachments);
  }
}
