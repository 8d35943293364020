package dev.askape.socketio;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the first HTTP request of a connection said. Immutable.
public record Handshake(
    Map<String, List<String>> query, Map<String, String> headers, InetSocketAddress remoteAddress) {

  /// The first value of a query parameter.
  public Optional<String> query(String name) {
    List<String> values = query.get(name);
    return values == null ? Optional.empty() : Optional.of(values.getFirst());
  }

  /// A header's value, by any spelling of its name.
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public boolean isLoopback() {
    return remoteAddress.getAddress().isLoopbackAddress();
  }
}
