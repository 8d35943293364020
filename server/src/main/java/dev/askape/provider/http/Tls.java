package dev.askape.provider.http;

import io.netty.handler.ssl.SslContextBuilder;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.SslProvider;

/// How an endpoint's certificates are checked. Immutable.
final class Tls {
  private final boolean isUsual;
  private final SslProvider.GenericSslContextSpec<SslContextBuilder> http11 =
      Http11SslContextSpec.forClient();
  private final SslProvider.GenericSslContextSpec<SslContextBuilder> http2 =
      Http2SslContextSpec.forClient();

  Tls(Route route) {
    isUsual = route.authorities().isEmpty();
    if (!isUsual) {
      var trust = Authorities.trusting(route.authorities());
      http11.configure(context -> context.trustManager(trust));
      http2.configure(context -> context.trustManager(trust));
    }
  }

  HttpClient http11(HttpClient client) {
    return isUsual ? client.secure() : client.secure(spec -> spec.sslContext(http11));
  }

  /// With HTTP/2 where the server speaks it.
  HttpClient http2(HttpClient client) {
    return isUsual ? client.secure() : client.secure(spec -> spec.sslContext(http2));
  }
}
