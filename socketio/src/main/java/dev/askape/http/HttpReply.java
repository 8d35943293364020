package dev.askape.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A whole answer to a request. The body is not copied: it must not change afterwards.
public record HttpReply(int status, Map<String, String> headers, byte[] body) {
  public HttpReply {
    headers = Map.copyOf(headers);
  }

  public static HttpReply json(int status, byte[] body) {
    return new HttpReply(
        status,
        Map.of("Content-Type", "application/json; charset=utf-8", "Cache-Control", "no-store"),
        body);
  }

  public static HttpReply text(int status, String body) {
    return new HttpReply(
        status,
        Map.of("Content-Type", "text/plain; charset=utf-8", "Cache-Control", "no-store"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpReply empty(int status) {
    return new HttpReply(status, Map.of(), new byte[0]);
  }
}
