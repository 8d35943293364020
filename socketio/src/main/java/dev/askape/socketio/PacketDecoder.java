package dev.askape.socketio;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.engineio.MalformedPacketException;
import java.util.List;

/// Reads packets (Socket.IO v5, Packet encoding): `type [attachments "-"] ["/" namespace ","] [ack
/// id] [JSON]`. Immutable. All it throws for what a client sent is [MalformedPacketException].
final class PacketDecoder {
  private static final int MAX_NUMBER_DIGITS = 200;
  private static final int MAX_KEY_LENGTH = 1_000;
  private static final int MAX_ID_DIGITS = 16; // 2^53 has as many
  private static final long MAX_ID = 1L << 53;

  private final ObjectMapper json;
  private final int maxAttachments;

  PacketDecoder(SocketSettings settings) {
    maxAttachments = settings.maxAttachments();
    var limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(settings.jsonDepth())
            .maxNumberLength(MAX_NUMBER_DIGITS)
            .maxNameLength(MAX_KEY_LENGTH)
            .maxStringLength(settings.maxPayload())
            .build();
    // keys come from strangers: no table of them is kept
    var factory =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(limits)
            .build();
    json =
        JsonMapper.builder(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  }

  Packet decode(String text) {
    if (text.isEmpty()) {
      throw new MalformedPacketException("empty packet");
    }
    PacketType type = PacketType.of(text.charAt(0));
    int at = 1;
    int attachments = 0;
    if (type.hasAttachments()) {
      int dash = text.indexOf('-');
      attachments = (int) number(text, at, dash);
      if (attachments > maxAttachments) {
        throw new MalformedPacketException("too many attachments");
      }
      at = dash + 1;
    }
    String namespace = "/";
    if (at < text.length() && text.charAt(at) == '/') {
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      namespace = withoutQuery(text.substring(at, end));
      at = comma < 0 ? end : comma + 1;
    }
    int afterId = at;
    while (afterId < text.length() && isDigit(text.charAt(afterId))) {
      afterId++;
    }
    long ackId = afterId > at ? number(text, at, afterId) : Packet.NO_ACK;
    var packet = new Packet(type, namespace, ackId, parse(text.substring(afterId)), attachments);
    if (!isSound(packet)) {
      throw new MalformedPacketException("payload does not fit " + type);
    }
    return packet;
  }

  private static String withoutQuery(String namespace) {
    int query = namespace.indexOf('?');
    return query < 0 ? namespace : namespace.substring(0, query);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long number(String text, int from, int to) {
    if (to <= from || to - from > MAX_ID_DIGITS) {
      throw new MalformedPacketException("no number, or too long a one");
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text.charAt(i))) {
        throw new MalformedPacketException("not a number");
      }
      value = value * 10 + text.charAt(i) - '0';
    }
    if (value > MAX_ID) {
      throw new MalformedPacketException("number too large");
    }
    return value;
  }

  private JsonNode parse(String text) {
    if (text.isEmpty()) {
      return MissingNode.getInstance();
    }
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new MalformedPacketException(e.getOriginalMessage());
    }
  }

  private static boolean isSound(Packet packet) {
    JsonNode payload = packet.payload();
    return switch (packet.type()) {
      case CONNECT -> payload.isMissingNode() || payload.isObject();
      case DISCONNECT -> payload.isMissingNode();
      case EVENT, BINARY_EVENT ->
          payload.isArray() && (payload.path(0).isTextual() || payload.path(0).isNumber());
      case ACK, BINARY_ACK -> payload.isArray() && packet.ackId() >= 0;
      case CONNECT_ERROR -> false; // only servers send it
    };
  }

  /// The payload with the attachments where their placeholders are.
  static JsonNode fill(JsonNode node, List<byte[]> attachments) {
    switch (node) {
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, fill(array.get(i), attachments));
        }
        return array;
      }
      case ObjectNode object when object.path("_placeholder").asBoolean() -> {
        JsonNode index = object.path("num");
        if (!index.isInt() || index.intValue() < 0 || index.intValue() >= attachments.size()) {
          throw new MalformedPacketException("placeholder without attachment");
        }
        return BinaryNode.valueOf(attachments.get(index.intValue()));
      }
      case ObjectNode object -> {
        object.properties().forEach(entry -> entry.setValue(fill(entry.getValue(), attachments)));
        return object;
      }
      default -> {
        return node;
      }
    }
  }
}
