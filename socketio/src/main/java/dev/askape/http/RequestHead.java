package dev.askape.http;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a request said before its body. Immutable.
///
/// @param path without the query, percent-decoded
/// @param headers by lower-case name; several of one name are joined with a comma
public record RequestHead(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    InetSocketAddress remoteAddress) {

  /// The first value of a query parameter.
  public Optional<String> query(String name) {
    List<String> values = query.get(name);
    return values == null ? Optional.empty() : Optional.of(values.getFirst());
  }

  /// A header's value; the name in lower case.
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  public boolean isLoopback() {
    return remoteAddress.getAddress().isLoopbackAddress();
  }
}
