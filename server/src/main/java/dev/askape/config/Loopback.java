package dev.askape.config;

import java.net.InetAddress;

/// Tells the addresses that only this machine can reach.
final class Loopback {
  private Loopback() {}

  static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
