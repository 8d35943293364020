package dev.askape.provider.http;

import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider;

/// The proxy of an endpoint and where it was found last. Names are looked up by the threads that
/// ask, because the JDK's look-up blocks. Safe for any thread.
final class ProxyAddress {
  private final ProxyServer server;
  private volatile InetSocketAddress address;

  ProxyAddress(ProxyServer server) {
    this.server = server;
    this.address = InetSocketAddress.createUnresolved(server.host(), server.port());
  }

  /// Looks its name up; blocks, at most as long as the JDK's resolver does, which remembers names
  /// for half a minute.
  void lookUp() {
    address = server.address();
  }

  HttpClient on(HttpClient client, long connectMillis) {
    var unresolved = client.resolver(NoopAddressResolverGroup.INSTANCE);
    return unresolved.proxy(spec -> {
      var proxy =
          spec.type(ProxyProvider.Proxy.HTTP)
              .socketAddress(() -> address)
              .connectTimeoutMillis(connectMillis);
      server
          .login()
          .ifPresent(
              login -> proxy.username(login.user()).password(_ -> login.password().reveal()));
    });
  }
}
