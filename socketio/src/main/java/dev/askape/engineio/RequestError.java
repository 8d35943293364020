package dev.askape.engineio;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import java.nio.charset.StandardCharsets;

/// Why a request is not one of the protocol. The numbers and texts are those that the reference
/// implementation answers with.
enum RequestError {
  TRANSPORT_UNKNOWN(0, "Transport unknown"),
  UNKNOWN_SID(1, "Session ID unknown"),
  BAD_METHOD(2, "Bad handshake method"),
  BAD_REQUEST(3, "Bad request"),
  UNSUPPORTED_VERSION(5, "Unsupported protocol version");

  private final String json;

  RequestError(int code, String message) {
    this.json = "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
  }

  void answer(HttpExchange exchange) {
    exchange.reply(HttpReply.json(400, json.getBytes(StandardCharsets.US_ASCII)));
  }
}
