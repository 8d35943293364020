package dev.askape.http;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/// stub
public final class HttpExchange {
  public RequestHead head() {
    throw new UnsupportedOperationException();
  }

  public String method() {
    return head().method();
  }

  public String path() {
    return head().path();
  }

  public Optional<String> query(String name) {
    return head().query(name);
  }

  /// A header's value, by any spelling of its name.
  public Optional<String> header(String name) {
    return head().header(name.toLowerCase(java.util.Locale.ROOT));
  }

  public InetSocketAddress remoteAddress() {
    return head().remoteAddress();
  }

  public boolean isLoopback() {
    return head().isLoopback();
  }

  public byte[] body() {
    throw new UnsupportedOperationException();
  }

  public void reply(HttpReply reply) {
    throw new UnsupportedOperationException();
  }

  public HttpStream stream(int status, Map<String, String> headers) {
    throw new UnsupportedOperationException();
  }

  public void onClose(Runnable callback) {
    throw new UnsupportedOperationException();
  }
}
