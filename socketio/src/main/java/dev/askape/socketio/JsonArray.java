package dev.askape.socketio;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.askape.http.Slices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Written JSON and the binary values found on the way.
record JsonArray(byte[] json, List<byte[]> attachments) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                  .build())
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .build();

  /// An array of these, the first left out when null.
  static JsonArray of(@Nullable String first, Object... others) {
    var out = new ByteArrayOutputStream(256);
    List<byte[]> attachments = new ArrayList<>(0);
    try (var generator = new Attaching(MAPPER.createGenerator(out), attachments)) {
      generator.writeStartArray();
      if (first != null) {
        generator.writeString(first);
      }
      for (Object other : others) {
        MAPPER.writeValue(generator, other);
      }
      generator.writeEndArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + e.getMessage(), e);
    }
    return new JsonArray(out.toByteArray(), attachments);
  }

  /// An object of one or two entries; the second is left out when its value is null.
  static Slices object(
      String key, String value, @Nullable String otherKey, @Nullable Object otherValue) {
    var object = MAPPER.createObjectNode().put(key, value);
    if (otherKey != null && otherValue != null) {
      object.set(otherKey, MAPPER.valueToTree(otherValue));
    }
    try {
      return Slices.of(MAPPER.writeValueAsBytes(object));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + e.getMessage(), e);
    }
  }

  /// Writes a placeholder for each binary value, and collects them.
  private static final class Attaching extends JsonGeneratorDelegate {
    private final List<byte[]> attachments;

    Attaching(JsonGenerator generator, List<byte[]> attachments) {
      super(generator, false);
      this.attachments = attachments;
    }

    @Override
    public void writeBinary(Base64Variant variant, byte[] data, int offset, int length)
        throws IOException {
      writeStartObject();
      writeBooleanField("_placeholder", true);
      writeNumberField("num", attachments.size());
      writeEndObject();
      boolean whole = offset == 0 && length == data.length;
      attachments.add(whole ? data : Arrays.copyOfRange(data, offset, offset + length));
    }
  }
}
