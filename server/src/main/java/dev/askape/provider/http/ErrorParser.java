package dev.askape.provider.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads errors. The value of an `error` field may be an object or just a text. Servers nest them
/// (`{error: {error: {message}}}`); the innermost message counts. Gemini's `details` may say when
/// to come back.
final class ErrorParser {
  private static final int MAX_DEPTH = 4;

  private ErrorParser() {}

  /// The error in a body; a body that is no JSON is its own message.
  static ApiError body(String text) {
    var chunk = new Chunk();
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (ChunkJson.parse(bytes, 0, bytes.length, chunk, ErrorParser::root)) {
      var error = chunk.error();
      if (error != null) {
        return error;
      }
    }
    return new ApiError(text, "", "");
  }

  private static void root(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      if (!chunk.errors().take(field, json)) {
        json.skipChildren();
      }
    }
    chunk.errors().endObject(false);
  }

  /// The error in the value that the parser stands on; null for `null`, `false`, a number and an
  /// empty text.
  static @Nullable ApiError parse(JsonParser json) throws IOException {
    return parse(json, MAX_DEPTH);
  }

  private static @Nullable ApiError parse(JsonParser json, int depth) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> parseObject(json, depth);
      case VALUE_STRING -> json.getText().isEmpty() ? null : new ApiError(json.getText(), "", "");
      case START_ARRAY -> {
        json.skipChildren();
        yield new ApiError("", "", "");
      }
      case VALUE_TRUE -> new ApiError("", "", "");
      default -> null;
    };
  }

  private static ApiError parseObject(JsonParser json, int depth) throws IOException {
    String message = "";
    String code = "";
    String type = "";
    Optional<Duration> retryAfter = Optional.empty();
    ApiError inner = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "message", "detail" -> message = ChunkJson.text(json);
        case "code" -> code = ChunkJson.text(json);
        case "type", "status" -> type = ChunkJson.text(json);
        case "details" -> retryAfter = retryDelay(json);
        case "error" -> inner = depth > 0 ? parse(json, depth - 1) : skip(json);
        default -> json.skipChildren();
      }
    }
    var outer = new ApiError(message, code, type, retryAfter);
    return inner == null ? outer : inner.within(outer);
  }

  private static @Nullable ApiError skip(JsonParser json) throws IOException {
    json.skipChildren();
    return null;
  }

  /// `[{"@type": "…RetryInfo", "retryDelay": "34s"}]`
  private static Optional<Duration> retryDelay(JsonParser json) throws IOException {
    Optional<Duration> found = Optional.empty();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return found;
    }
    int depth = 1;
    while (depth > 0) {
      var token = json.nextToken();
      if (token == null) {
        return found;
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING && "retryDelay".equals(json.currentName())) {
        found = RetryAfter.delay(json.getText());
      }
    }
    return found;
  }
}
