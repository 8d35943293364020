package dev.askape.http;

/// Answers requests of a route.
@FunctionalInterface
public interface HttpHandler {
  /// Called on the connection's event loop once the request is whole; must not block. The answer
  /// may be given later, by any thread. An exception is answered 500.
  void handle(HttpExchange exchange);
}
