package dev.askape.provider.http;

import reactor.netty.http.logging.AbstractHttpMessageLogFactory;
import reactor.netty.http.logging.HttpMessageArgProvider;

/// What the HTTP client writes of requests and responses when everything is logged: nothing that a
/// provider has worded, for it may quote the key; nor the address, nor any header.
final class QuietMessages extends AbstractHttpMessageLogFactory {
  static final QuietMessages INSTANCE = new QuietMessages();
  private static final int DIGITS = 3;

  private QuietMessages() {}

  @Override
  public String common(HttpMessageArgProvider message) {
    var type = message.httpMessageType();
    return switch (type) {
      case RESPONSE, FULL_RESPONSE -> type + " " + code(message.status());
      case REQUEST, FULL_REQUEST -> type + " " + message.method();
      default -> type.toString();
    };
  }

  /// The status without the words behind it.
  private static String code(String status) {
    return status.substring(0, Math.min(DIGITS, status.length()));
  }
}
