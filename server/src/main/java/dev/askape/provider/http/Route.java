package dev.askape.provider.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// How an endpoint is reached.
///
/// @param authorities trusted besides those that the platform trusts
/// @param proxy through which every connection goes
public record Route(List<X509Certificate> authorities, Optional<ProxyServer> proxy) {
  /// Trusting whom the platform trusts, and without a detour.
  public static final Route DIRECT = new Route(List.of(), Optional.empty());

  public Route {
    authorities = List.copyOf(authorities);
  }
}
