package dev.askape.engineio;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import java.nio.charset.StandardCharsets;

/// Why a request is not one of the protocol. The numbers and texts are those that the reference
/// implementation answers with.
enum RequestError {
  TRANSPORT_UNKNOWN("Transport unknown"),
  UNKNOWN_SID("Session ID unknown"),
  BAD_METHOD("Bad handshake method"),
  BAD_REQUEST("Bad request"),
  FORBIDDEN("Forbidden"),
  UNSUPPORTED_VERSION("Unsupported protocol version");

  private final byte[] body;

  RequestError(String message) {
    String json = "{\"code\":" + ordinal() + ",\"message\":\"" + message + "\"}";
    this.body = json.getBytes(StandardCharsets.US_ASCII);
  }

  void answer(HttpExchange exchange) {
    exchange.reply(HttpReply.json(400, body));
  }
}
