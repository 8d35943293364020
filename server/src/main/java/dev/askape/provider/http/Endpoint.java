package dev.askape.provider.http;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An endpoint and the language it speaks: what every request to it shares. Immutable, but for the
/// address of its proxy.
record Endpoint(EndpointSettings settings, Dialect dialect, Tls tls, Optional<ProxyAddress> proxy) {
  static Endpoint of(EndpointSettings settings, Dialect dialect) {
    return new Endpoint(
        settings,
        dialect,
        new Tls(settings.route()),
        settings.route().proxy().map(ProxyAddress::new));
  }

  /// The base URL with what the dialect puts behind one that has no path.
  String base() {
    var base = settings.baseUrl();
    return base.getRawPath().isEmpty() ? base + dialect.usualBasePath() : base.toString();
  }

  /// Of every request; those that were configured win, but not over the key.
  Map<String, String> headers() {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.put("user-agent", "askape");
    headers.put("content-type", "application/json");
    headers.put("accept", "text/event-stream, application/json");
    headers.putAll(settings.headers());
    headers.putAll(dialect.headers(settings.apiKey()));
    return headers;
  }

  /// To be done before a request, by a thread that may block.
  void lookUpProxy() {
    proxy.ifPresent(ProxyAddress::lookUp);
  }
}
