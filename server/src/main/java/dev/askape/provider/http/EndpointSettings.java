package dev.askape.provider.http;

import dev.askape.provider.Secret;
import dev.askape.provider.Timeouts;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One endpoint of an API. Printing it shows neither the key nor the values of headers nor a
/// proxy's password.
///
/// @param name the configured name, for the log
/// @param baseUrl what stands before the paths of the API, such as
///   `https://router.huggingface.co/v1`: http or https, no user, query or fragment
/// @param apiKey sent as the dialect wants it
/// @param headers sent with every request besides, such as `HTTP-Referer`
/// @param timeouts of models that have none of their own; no model has a longer `connect`
/// @param maxConcurrentCalls answers that run at once, at most: there are connections for so many
public record EndpointSettings(
    String name,
    URI baseUrl,
    Optional<Secret> apiKey,
    Map<String, String> headers,
    Timeouts timeouts,
    int maxConcurrentCalls,
    Limits limits,
    Route route) {
  public static final int DEFAULT_CONCURRENT_CALLS = 2_000;

  public EndpointSettings {
    baseUrl = checkedBase(baseUrl);
    headers = Map.copyOf(headers);
    apiKey = apiKey.map(key -> new Secret(key.reveal().strip()));
    apiKey.ifPresent(key -> checkHeader("api key", key.reveal()));
    headers.forEach((header, value) -> {
      if (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")) {
        throw new IllegalArgumentException("not a header name: " + header.length() + " chars");
      }
      checkHeader("header " + header, value);
    });
    if (maxConcurrentCalls < 1 || maxConcurrentCalls > 1_000_000) {
      throw new IllegalArgumentException("maxConcurrentCalls must be 1 to 1000000");
    }
  }

  /// With the default timeouts and limits.
  public static EndpointSettings of(String name, URI baseUrl, Optional<Secret> apiKey) {
    return new EndpointSettings(
        name,
        baseUrl,
        apiKey,
        Map.of(),
        Timeouts.DEFAULTS,
        DEFAULT_CONCURRENT_CALLS,
        Limits.DEFAULTS,
        Route.DIRECT);
  }

  public EndpointSettings withKey(Secret key) {
    return new EndpointSettings(
        name, baseUrl, Optional.of(key), headers, timeouts, maxConcurrentCalls, limits, route);
  }

  public EndpointSettings withHeaders(Map<String, String> changed) {
    return new EndpointSettings(
        name, baseUrl, apiKey, changed, timeouts, maxConcurrentCalls, limits, route);
  }

  public EndpointSettings withTimeouts(Timeouts changed) {
    return new EndpointSettings(
        name, baseUrl, apiKey, headers, changed, maxConcurrentCalls, limits, route);
  }

  public EndpointSettings withMaxConcurrentCalls(int changed) {
    return new EndpointSettings(name, baseUrl, apiKey, headers, timeouts, changed, limits, route);
  }

  public EndpointSettings withLimits(Limits changed) {
    return new EndpointSettings(
        name, baseUrl, apiKey, headers, timeouts, maxConcurrentCalls, changed, route);
  }

  public EndpointSettings withRoute(Route changed) {
    return new EndpointSettings(
        name, baseUrl, apiKey, headers, timeouts, maxConcurrentCalls, limits, changed);
  }

  /// Whether it is asked over TLS.
  boolean isSecure() {
    return "https".equals(baseUrl.getScheme());
  }

  /// All that must not be printed.
  List<Secret> secrets() {
    var secrets = new ArrayList<Secret>();
    apiKey.ifPresent(secrets::add);
    headers.values().forEach(value -> secrets.add(new Secret(value)));
    route.proxy().ifPresent(proxy -> secrets.addAll(proxy.secrets()));
    return secrets;
  }

  @Override
  public String toString() {
    return "EndpointSettings[name="
        + name
        + ", baseUrl="
        + baseUrl
        + ", headers="
        + headers.keySet()
        + "]";
  }

  private static URI checkedBase(URI url) {
    var scheme = url.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || url.getHost() == null) {
      throw new IllegalArgumentException("a base URL must be http://host… or https://host…");
    }
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("a base URL has no user, query or fragment");
    }
    var text = url.toString();
    return text.endsWith("/") ? URI.create(text.replaceAll("/+$", "")) : url;
  }

  private static void checkHeader(String what, String value) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException(what + " must be printable ASCII");
    }
  }

  /// What one endpoint may use up.
  ///
  /// @param lineBytes of one line, and of one event, of the stream
  /// @param streamBytes of one whole stream
  /// @param errorBodyBytes read of an error's body
  /// @param modelListBytes of a page of the list of models
  /// @param models taken of the list of models
  public record Limits(
      int lineBytes, long streamBytes, int errorBodyBytes, int modelListBytes, int models) {
    public static final Limits DEFAULTS =
        new Limits(256 << 10, 256L << 20, 64 << 10, 8 << 20, 5_000);
  }
}
