package dev.askape.provider.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Writes the bodies of requests.
public final class JsonBody {
  /// Writes the fields of an object.
  public interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static final JsonFactory JSON = new JsonFactory();

  private JsonBody() {}

  /// An object in UTF-8.
  public static byte[] of(Fields fields) {
    var bytes = new ByteArrayOutputStream(1_024);
    try (var json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// A text field; lone surrogates, which cannot be written as UTF-8, become U+FFFD.
  public static void text(JsonGenerator json, String field, String text) throws IOException {
    json.writeStringField(field, wellFormed(text));
  }

  /// A field with an array of texts, if there are any.
  public static void texts(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    if (texts.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(field);
    for (var text : texts) {
      json.writeString(wellFormed(text));
    }
    json.writeEndArray();
  }

  private static String wellFormed(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text;
    }
    var repaired = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
        .forEach(repaired::appendCodePoint);
    return repaired.toString();
  }
}
