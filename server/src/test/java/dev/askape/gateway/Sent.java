package dev.askape.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.askape.http.Slices;
import dev.askape.socketio.EncodedPacket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/// An event as a client gets it.
record Sent(String event, JsonNode payload) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// Parses strictly what goes out for a packet.
  static Sent of(EncodedPacket packet) {
    var text = text(packet);
    if (!text.startsWith("42[")) {
      throw new AssertionError("not an event of the main namespace: " + text);
    }
    var array = parsed(text.substring(2));
    if (array.size() != 2) {
      throw new AssertionError("not a name and a payload: " + text);
    }
    return new Sent(array.get(0).textValue(), array.get(1));
  }

  static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  /// The packet as it stands in the body of a poll. Other packages have no business with it, so
  /// this looks inside.
  private static String text(EncodedPacket packet) {
    try {
      var parts = EncodedPacket.class.getDeclaredMethod("parts");
      parts.setAccessible(true);
      var part = ((List<?>) parts.invoke(packet)).getFirst();
      var polled = part.getClass().getDeclaredMethod("polled");
      polled.setAccessible(true);
      var bytes = ((Slices) polled.invoke(part)).toBytes();
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (ReflectiveOperationException | CharacterCodingException e) {
      throw new AssertionError(e);
    }
  }

  String text(String field) {
    return payload.get(field).textValue();
  }

  int number(String field) {
    return payload.get(field).intValue();
  }
}
