package dev.askape.provider.http;

import dev.askape.provider.Secret;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An HTTP proxy that is asked for tunnels (`CONNECT`), for `http` too. Printing it shows no
/// password.
///
/// @param login for `Proxy-Authorization: Basic`
public record ProxyServer(String host, int port, Optional<Login> login) {
  private static final int USUAL_PORT = 80;

  /// A user and a password.
  public record Login(String user, Secret password) {}

  /// Reads `http://[user:password@]host[:port]`, where `http://` may be missing and user and
  /// password may be percent-encoded.
  ///
  /// @throws IllegalArgumentException with a message that shows nothing of it
  static ProxyServer parse(String text) {
    URI url;
    try {
      url = URI.create(text.contains("://") ? text : "http://" + text);
    } catch (IllegalArgumentException _) {
      throw wrong();
    }
    var path = url.getRawPath();
    if (!"http".equalsIgnoreCase(url.getScheme())
        || url.getHost() == null
        || url.getPort() > 65_535
        || !(path == null || path.isEmpty() || path.equals("/"))) {
      throw wrong();
    }
    int port = url.getPort() < 0 ? USUAL_PORT : url.getPort();
    return new ProxyServer(bare(url.getHost()), port, login(url.getRawUserInfo()));
  }

  private static Optional<Login> login(@Nullable String userInfo) {
    if (userInfo == null || userInfo.isEmpty()) {
      return Optional.empty();
    }
    int colon = userInfo.indexOf(':');
    var user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    var password = colon < 0 ? "" : userInfo.substring(colon + 1);
    return Optional.of(new Login(decoded(user), new Secret(decoded(password))));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw wrong();
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException("a proxy must be http://[user:password@]host:port");
  }

  /// Looks its name up, which blocks.
  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  /// What must not be printed of it.
  List<Secret> secrets() {
    return login.stream()
        .flatMap(it -> {
          var basic = it.user() + ':' + it.password().reveal();
          var encoded = Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8));
          return Stream.of(it.password(), new Secret(encoded));
        })
        .toList();
  }
}
