package dev.askape.provider.openai;

import dev.askape.provider.Secret;
import dev.askape.provider.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// One OpenAI-compatible endpoint. Printing it shows neither the key nor the values of headers.
///
/// @param name the configured name, for the log
/// @param baseUrl what stands before `/chat/completions`, such as
///   `https://router.huggingface.co/v1`: http or https, no user, query or fragment
/// @param apiKey sent as a bearer token
/// @param headers sent with every request besides, such as `HTTP-Referer`
/// @param maxConcurrentCalls answers that run at once; who is over it waits, see [Limits]
public record OpenAiSettings(
    String name,
    URI baseUrl,
    Optional<Secret> apiKey,
    Map<String, String> headers,
    Timeouts timeouts,
    int maxConcurrentCalls,
    Limits limits) {
  public static final int DEFAULT_CONCURRENT_CALLS = 2_000;

  public OpenAiSettings {
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
    if (maxConcurrentCalls < 1 || maxConcurrentCalls > 100_000) {
      throw new IllegalArgumentException("maxConcurrentCalls must be 1 to 100000");
    }
  }

  /// With the default timeouts and limits.
  public static OpenAiSettings of(String name, URI baseUrl, Optional<Secret> apiKey) {
    return new OpenAiSettings(
        name,
        baseUrl,
        apiKey,
        Map.of(),
        Timeouts.DEFAULTS,
        DEFAULT_CONCURRENT_CALLS,
        Limits.DEFAULTS);
  }

  public OpenAiSettings withTimeouts(Timeouts changed) {
    return new OpenAiSettings(name, baseUrl, apiKey, headers, changed, maxConcurrentCalls, limits);
  }

  public OpenAiSettings withMaxConcurrentCalls(int changed) {
    return new OpenAiSettings(name, baseUrl, apiKey, headers, timeouts, changed, limits);
  }

  public OpenAiSettings withLimits(Limits changed) {
    return new OpenAiSettings(
        name, baseUrl, apiKey, headers, timeouts, maxConcurrentCalls, changed);
  }

  @Override
  public String toString() {
    return "OpenAiSettings[name="
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
  /// @param waitingCalls calls that wait for others to end; more are turned away at once
  /// @param maxWait how long one waits before it is turned away
  /// @param lineBytes of one line, and of one event, of the stream
  /// @param streamBytes of one whole stream
  /// @param errorBodyBytes read of an error's body
  /// @param modelListBytes of the list of models
  /// @param models taken of the list of models
  public record Limits(
      int waitingCalls,
      Duration maxWait,
      int lineBytes,
      long streamBytes,
      int errorBodyBytes,
      int modelListBytes,
      int models) {
    public static final Limits DEFAULTS =
        new Limits(100, Duration.ofSeconds(10), 256 << 10, 256L << 20, 64 << 10, 8 << 20, 5_000);
  }
}
