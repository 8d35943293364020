package dev.askape.socketio;

import dev.askape.engineio.EnginePacket;
import dev.askape.http.Slices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A packet ready to be sent, with its attachments. Immutable: any number of sockets, on either
/// transport, may send the same one.
public final class EncodedPacket {
  private final String namespace;
  private final List<EnginePacket> parts;

  private EncodedPacket(String namespace, List<EnginePacket> parts) {
    this.namespace = namespace;
    this.parts = parts;
  }

  /// An event. The arguments are whatever Jackson writes as JSON; a `byte[]`, at any depth, becomes
  /// an attachment, and must not change afterwards.
  ///
  /// @throws IllegalArgumentException when Jackson cannot write one of them
  public static EncodedPacket event(String namespace, String event, Object... args) {
    return event(namespace, Packet.NO_ACK, event, args);
  }

  static EncodedPacket event(String namespace, long ackId, String event, Object... args) {
    return array(PacketType.EVENT, namespace, ackId, JsonArray.of(event, args));
  }

  static EncodedPacket ack(String namespace, long ackId, Object... args) {
    return array(PacketType.ACK, namespace, ackId, JsonArray.of(null, args));
  }

  /// An event whose array (`["name",…]`) is given as JSON: valid, in UTF-8, without placeholders.
  public static EncodedPacket raw(String namespace, ByteSlices json) {
    return text(PacketType.EVENT, namespace, json.build());
  }

  static EncodedPacket connect(String namespace, String id) {
    return text(PacketType.CONNECT, namespace, JsonArray.object("sid", id, null, null));
  }

  static EncodedPacket connectError(String namespace, String message, @Nullable Object data) {
    return text(
        PacketType.CONNECT_ERROR, namespace, JsonArray.object("message", message, "data", data));
  }

  static EncodedPacket disconnect(String namespace) {
    return text(PacketType.DISCONNECT, namespace, Slices.EMPTY);
  }

  private static EncodedPacket text(PacketType type, String namespace, Slices json) {
    byte[] head = head(type, 0, namespace, Packet.NO_ACK);
    return new EncodedPacket(namespace, List.of(EnginePacket.text(head, json)));
  }

  private static EncodedPacket array(
      PacketType type, String namespace, long ackId, JsonArray array) {
    List<byte[]> attachments = array.attachments();
    PacketType actual = type;
    if (!attachments.isEmpty()) {
      actual = type == PacketType.EVENT ? PacketType.BINARY_EVENT : PacketType.BINARY_ACK;
    }
    byte[] head = head(actual, attachments.size(), namespace, ackId);
    List<EnginePacket> parts = new ArrayList<>(1 + attachments.size());
    parts.add(EnginePacket.text(head, Slices.of(array.json())));
    attachments.forEach(bytes -> parts.add(EnginePacket.binary(bytes)));
    return new EncodedPacket(namespace, List.copyOf(parts));
  }

  private static byte[] head(PacketType type, int attachments, String namespace, long ackId) {
    var head = new StringBuilder(16).append(type.digit);
    if (type.hasAttachments()) {
      head.append(attachments).append('-');
    }
    if (!namespace.equals("/")) {
      head.append(namespace).append(',');
    }
    if (ackId != Packet.NO_ACK) {
      head.append(ackId);
    }
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Bytes of its JSON, its head and its attachments.
  public int size() {
    int size = 0;
    for (EnginePacket part : parts) {
      size += part.size();
    }
    return size;
  }

  String namespace() {
    return namespace;
  }

  List<EnginePacket> parts() {
    return parts;
  }
}
