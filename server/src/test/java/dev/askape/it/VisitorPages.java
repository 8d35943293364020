package dev.askape.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A web server on loopback whose page calls AskApe in every way that a page can, and tells what
/// came of it. Its page at `/` has that of another origin inside of it, at `/inner`.
final class VisitorPages implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();

  /// @param inner the host name by which the inner page is reached
  VisitorPages(URI askApe, String inner) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var frame = "<iframe src=\"http://%s:%d/inner\"></iframe>".formatted(inner, port());
    server.createContext("/", exchange -> reply(exchange, page(askApe, frame)));
    server.createContext("/inner", exchange -> reply(exchange, page(askApe, "")));
    server.createContext(
        "/told",
        exchange -> {
          told.add(JSON.readTree(exchange.getRequestBody()));
          reply(exchange, "");
        });
    server.createContext("/favicon.ico", exchange -> reply(exchange, ""));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static String page(URI askApe, String more) throws IOException {
    try (var in = VisitorPages.class.getResourceAsStream("visitor.html")) {
      if (in == null) {
        throw new IllegalStateException("visitor.html is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8)
          .replace("{{server}}", askApe.toString())
          .replace("{{more}}", more);
    }
  }

  private static void reply(HttpExchange exchange, String html) throws IOException {
    try (exchange) {
      var bytes = html.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /// What a page says that came of its calls; waits for it.
  JsonNode told() throws InterruptedException {
    var next = told.poll(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError("the browser's page says nothing");
    }
    return next;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
