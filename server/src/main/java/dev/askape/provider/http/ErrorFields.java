package dev.askape.provider.http;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Finds the error in a JSON object, in whatever form it comes: `{error: {message}}`, `{error:
/// "text"}`, `{type: "error", message}`, `{detail}`, `{message}`. Confined to one thread.
public final class ErrorFields {
  private boolean named;
  private String message = "";
  private String code = "";
  private @Nullable ApiError error;

  void clear() {
    forget();
    error = null;
  }

  private void forget() {
    named = false;
    message = "";
    code = "";
  }

  /// Reads the value on which the parser stands if the field may be one of an error.
  ///
  /// @return false when it may not, and nothing was read
  public boolean take(String field, JsonParser json) throws IOException {
    switch (field) {
      case "error" -> set(ErrorParser.parse(json));
      case "object", "type" -> named |= ChunkJson.text(json).equals("error");
      case "message", "detail" -> message = ChunkJson.text(json);
      case "code" -> code = ChunkJson.text(json);
      default -> {
        return false;
      }
    }
    return true;
  }

  /// The object has ended.
  ///
  /// @param hasAnswer whether it was part of an answer, so that a `message` in it is none of an
  ///   error
  public void endObject(boolean hasAnswer) {
    if (error == null && !hasAnswer && (named || !message.isEmpty())) {
      error = new ApiError(message, code, "");
    }
    forget();
  }

  /// This is the error, if it is one.
  public void set(@Nullable ApiError found) {
    if (found != null) {
      error = found;
    }
  }

  public @Nullable ApiError found() {
    return error;
  }
}
