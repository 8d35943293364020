package dev.askape.provider.openai;

import dev.askape.chat.ErrorType;
import java.nio.charset.StandardCharsets;

/// A response that is not 200, read as far as allowed.
///
/// @param requestId the server's own name for the request, for its support; may be empty
record Refusal(int status, String body, String requestId) {
  /// The error in the body, in whatever form it came; a body that is no JSON is its own message.
  ApiError error() {
    var chunk = new Chunk();
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    if (ChunkParser.parse(bytes, bytes.length, chunk) && chunk.error != null) {
      return chunk.error;
    }
    return new ApiError(body, "", "");
  }

  ErrorType type() {
    return ErrorTypes.of(status, error());
  }

  /// For the log, not yet redacted.
  String cause() {
    var id = requestId.isEmpty() ? "" : " (request " + requestId + ")";
    return "HTTP " + status + id + ": " + error().text();
  }

  /// Whether it refuses the request because of a field of that name.
  boolean names(String field) {
    return (status == 400 || status == 422) && body.contains(field);
  }
}
