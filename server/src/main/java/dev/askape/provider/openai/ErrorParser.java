package dev.askape.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads the value of an `error` field, which may be an object or just a text. Servers nest them
/// (`{error: {error: {message}}}`); the innermost message counts.
final class ErrorParser {
  private static final int MAX_DEPTH = 4;

  private ErrorParser() {}

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
    ApiError inner = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "message", "detail" -> message = text(json);
        case "code" -> code = text(json);
        case "type", "status" -> type = text(json);
        case "error" -> inner = depth > 0 ? parse(json, depth - 1) : skip(json);
        default -> json.skipChildren();
      }
    }
    if (inner == null) {
      return new ApiError(message, code, type);
    }
    return new ApiError(
        inner.message().isEmpty() ? message : inner.message(),
        inner.code().isEmpty() ? code : inner.code(),
        inner.type().isEmpty() ? type : inner.type());
  }

  private static @Nullable ApiError skip(JsonParser json) throws IOException {
    json.skipChildren();
    return null;
  }

  /// The value as a text; empty for `null`, objects and arrays.
  static String text(JsonParser json) throws IOException {
    json.skipChildren();
    return json.getValueAsString("");
  }
}
