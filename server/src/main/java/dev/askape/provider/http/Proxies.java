package dev.askape.provider.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The proxies that the environment names: `HTTPS_PROXY` and `HTTP_PROXY`, one for each scheme of
/// what is asked, and `NO_PROXY`, whom to ask without; each also in lower case, which counts first.
///
/// `NO_PROXY` is a list with commas: `*`; a host, with or without a port, which also stands for all
/// of its subdomains, with or without a dot in front. What is on this machine (loopback) never goes
/// through a proxy. Immutable.
///
/// @param https for `https`
/// @param http for `http`
public record Proxies(
    Optional<ProxyServer> https, Optional<ProxyServer> http, List<String> exceptions) {
  /// None is used.
  public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

  public Proxies {
    exceptions = List.copyOf(exceptions);
  }

  /// Reads the variables.
  ///
  /// @throws IllegalArgumentException if one is not understood; the message names the variable and
  ///   shows nothing of it
  public static Proxies from(Map<String, String> environment) {
    var none = value(environment, "NO_PROXY").map(text -> text.split("[,\\s]+"));
    return new Proxies(
        server(environment, "HTTPS_PROXY"),
        server(environment, "HTTP_PROXY"),
        none.map(Stream::of)
            .orElseGet(Stream::empty)
            .map(entry -> entry.toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .toList());
  }

  private static Optional<ProxyServer> server(Map<String, String> environment, String name) {
    try {
      return value(environment, name).map(ProxyServer::parse);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Stream.of(name.toLowerCase(Locale.ROOT), name)
        .map(each -> environment.getOrDefault(each, "").strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /// The one to go through to this URL.
  public Optional<ProxyServer> to(URI url) {
    var host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
    boolean secure = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    if (isLoopback(host) || exceptions.stream().anyMatch(each -> excepts(each, host, port))) {
      return Optional.empty();
    }
    return secure ? https : http;
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private static boolean excepts(String exception, String host, int port) {
    if (exception.equals("*")) {
      return true;
    }
    var name = exception;
    var withPort = ":" + port;
    if (name.matches("(\\[.*\\]|[^:]*):[0-9]+")) {
      if (!name.endsWith(withPort)) {
        return false;
      }
      name = name.substring(0, name.length() - withPort.length());
    }
    var suffix =
        name.startsWith("*.") ? name.substring(1) : name.startsWith(".") ? name : "." + name;
    return host.equals(suffix.substring(1))
        || host.equals("[" + name + "]")
        || host.endsWith(suffix);
  }
}
