package dev.askape.provider.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads JSON token by token, without a tree. Broken UTF-8 becomes U+FFFD; halves of a surrogate
/// pair, escaped apart in two values, stay halves.
public final class ChunkJson {
  /// Reads one object, whose start the parser stands on, up to its end.
  public interface Root {
    void read(JsonParser json, Chunk chunk) throws IOException;
  }

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(64).build())
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private ChunkJson() {}

  /// Fills `chunk` with what the objects in the bytes say: one of them, several (where a server
  /// forgot what separates them), or an array of them.
  ///
  /// @return false when it is not JSON; the chunk is to be ignored then
  public static boolean parse(byte[] bytes, int start, int length, Chunk chunk, Root root) {
    chunk.clear();
    try (var json = JSON.createParser(bytes, start, length)) {
      values(json, chunk, root);
      return true;
    } catch (IOException _) {
      return parse(new String(bytes, start, length, StandardCharsets.UTF_8), chunk, root);
    }
  }

  /// Once more, from a text in which every broken character was replaced.
  private static boolean parse(String repaired, Chunk chunk, Root root) {
    chunk.clear();
    try (var json = JSON.createParser(repaired)) {
      values(json, chunk, root);
      return true;
    } catch (IOException _) {
      chunk.clear();
      return false;
    }
  }

  private static void values(JsonParser json, Chunk chunk, Root root) throws IOException {
    for (var token = json.nextToken(); token != null; token = json.nextToken()) {
      switch (token) {
        case START_OBJECT -> root.read(json, chunk);
        case START_ARRAY -> objects(json, chunk, root);
        default -> json.skipChildren();
      }
    }
  }

  /// Reads the objects of the array whose start the parser stands on; what else is in it, or what
  /// is no array, is skipped.
  public static void objects(JsonParser json, Chunk chunk, Root each) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    for (var token = json.nextToken(); isInside(token); token = json.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        each.read(json, chunk);
      } else {
        json.skipChildren();
      }
    }
  }

  /// Reads the first value of the array whose start the parser stands on, if it is an object; what
  /// comes after it is skipped.
  public static void first(JsonParser json, Chunk chunk, Root root) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    boolean first = true;
    for (var token = json.nextToken(); isInside(token); token = json.nextToken()) {
      if (first) {
        object(json, chunk, root);
      } else {
        json.skipChildren();
      }
      first = false;
    }
  }

  /// Reads the value that the parser stands on if it is an object, skips it otherwise.
  public static void object(JsonParser json, Chunk chunk, Root root) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      root.read(json, chunk);
    } else {
      json.skipChildren();
    }
  }

  /// The value as a text; empty for `null`, objects and arrays.
  public static String text(JsonParser json) throws IOException {
    json.skipChildren();
    return json.getValueAsString("");
  }

  /// The value if it is a text; empty for everything else.
  public static String textOnly(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  /// The value as a count; -1 when it is none.
  public static long count(JsonParser json) throws IOException {
    json.skipChildren();
    return Math.max(-1, json.getValueAsLong(-1));
  }

  /// Whether an array has not ended.
  public static boolean isInside(@Nullable JsonToken token) {
    return token != null && token != JsonToken.END_ARRAY;
  }
}
