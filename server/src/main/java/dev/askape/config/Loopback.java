package dev.askape.config;

import java.net.InetAddress;
import java.util.Optional;

/// Tells the addresses that only this machine can reach.
final class Loopback {
  private Loopback() {}

  static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || address(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /// The address that `text` is; a name is none, and is not looked up.
  static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
