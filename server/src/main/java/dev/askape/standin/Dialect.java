package dev.askape.standin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.http.HttpExchange;
import java.util.List;
import java.util.Optional;

/// The API of one kind of provider, as its clients see it. Immutable.
interface Dialect {
  /// What a request was turned away with. The message is not escaped.
  ///
  /// @param retryDelay what the body says about when to come back, such as `2s`
  record Refusal(int status, String message, Optional<String> retryDelay) {
    Refusal(int status, String message) {
      this(status, message, Optional.empty());
    }
  }

  /// A request that makes no sense in this dialect.
  final class BadRequest extends Exception {
    private final int status;

    BadRequest(int status, String message) {
      super(message);
      this.status = status;
    }

    Refusal refusal() {
      var words = getMessage();
      return new Refusal(status, words == null ? "" : words);
    }
  }

  /// The key that a request shows, empty when it shows none where this dialect looks for it.
  Optional<String> key(HttpExchange exchange);

  /// How a request without the right key is turned away.
  Refusal wrongKey(boolean shown);

  /// Reads a request for an answer.
  Ask read(HttpExchange exchange) throws BadRequest;

  /// The body of an error.
  String error(Refusal refusal);

  /// The body of the list of models.
  String models(List<String> ids);

  /// That of a streamed answer.
  String contentType();

  /// Words a streamed answer.
  Speech speech(ScriptedAnswer answer);

  /// The body of an answer that is not streamed.
  String whole(ScriptedAnswer answer);

  /// The JSON of a request.
  static JsonNode body(HttpExchange exchange) throws BadRequest {
    return JsonText.read(exchange.body()).orElseThrow(() -> new BadRequest(400, "not JSON"));
  }

  /// The messages of a request that has them in an array of that name.
  static JsonNode messages(JsonNode body) throws BadRequest {
    var messages = body.path("messages");
    if (!messages.isArray()) {
      throw new BadRequest(400, "messages must be an array");
    }
    return messages;
  }

  /// The bearer token of a request.
  static Optional<String> bearer(HttpExchange exchange) {
    return exchange
        .header("authorization")
        .filter(value -> value.startsWith("Bearer "))
        .map(value -> value.substring("Bearer ".length()));
  }
}
