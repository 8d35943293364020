package dev.askape.localmodel;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpHandler;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpRoute;
import dev.askape.localmodel.ChatRequest.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/// The API. Called on event loops; never blocks. Every request has to show the key.
final class Routes {
  private final TextModel model;
  private final Generations generations;
  private final byte[] authorization;

  Routes(TextModel model, Generations generations, String key) {
    this.model = model;
    this.generations = generations;
    this.authorization = ("Bearer " + key).getBytes(StandardCharsets.UTF_8);
  }

  List<HttpRoute> all() {
    return List.of(
        HttpRoute.exact("/v1/models", guarded("GET", this::models)),
        HttpRoute.exact("/v1/chat/completions", guarded("POST", this::complete)),
        HttpRoute.exact("/health", guarded("GET", this::health)));
  }

  private HttpHandler guarded(String method, HttpHandler handler) {
    return exchange -> {
      var shown = exchange.header("authorization").orElse("").getBytes(StandardCharsets.UTF_8);
      if (!MessageDigest.isEqual(shown, authorization)) {
        error(exchange, 401, "invalid_api_key", "Wrong key.");
      } else if (!exchange.method().equals(method)) {
        error(exchange, 405, "method_not_allowed", "This method is not allowed here.");
      } else {
        handler.handle(exchange);
      }
    };
  }

  private void models(HttpExchange exchange) {
    exchange.reply(HttpReply.json(200, Completion.models()));
  }

  private void health(HttpExchange exchange) {
    if (generations.isStuck()) {
      error(exchange, 503, "stuck", "No answer has got any further for long.");
    } else {
      exchange.reply(HttpReply.text(200, "ok"));
    }
  }

  private void complete(HttpExchange exchange) {
    try {
      var request = ChatRequest.parse(exchange.body());
      var answering = new Answering(model, generations, request, exchange);
      exchange.onClose(answering::cancel);
      if (!generations.submit(answering)) {
        error(exchange, 429, "busy", "Too many answers are waiting already.");
      }
    } catch (Refused e) {
      error(exchange, e.status, e.code, e.text());
    }
  }

  private static void error(HttpExchange exchange, int status, String code, String message) {
    exchange.reply(HttpReply.json(status, Completion.error(code, message)));
  }
}
