package dev.askape.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Under which names the server may be called. A page whose own name was made to point at this
/// machine (DNS rebinding) sends that name as `Host`, and is refused.
public final class HostPolicy {
  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private final Set<String> names;

  private HostPolicy(Set<String> names) {
    this.names = names;
  }

  /// The loopback names and, for connections to another address, that address.
  public static HostPolicy loopback() {
    return new HostPolicy(Set.of());
  }

  /// These names (without a port) besides; `*` allows every name.
  public static HostPolicy of(List<String> names) {
    return new HostPolicy(
        names.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /// Whether the value of a `Host` header names this server, at whose address `local` it arrived.
  boolean allows(String host, InetSocketAddress local) {
    String name = nameOf(host.toLowerCase(Locale.ROOT));
    return isLoopback(name)
        || names.contains(name)
        || names.contains("*")
        || isAddress(name, local.getAddress());
  }

  /// The name in an authority: without port, an IPv6 address with its brackets.
  static String nameOf(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  static boolean isLoopback(String name) {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || LOOPBACK_V4.matcher(name).matches();
  }

  private static boolean isAddress(String name, InetAddress address) {
    String literal = address.getHostAddress();
    int zone = literal.indexOf('%');
    String plain = zone < 0 ? literal : literal.substring(0, zone);
    if (name.startsWith("[")) {
      // a literal in brackets is parsed, never looked up
      try {
        return name.endsWith("]") && InetAddress.ofLiteral(name).equals(address);
      } catch (IllegalArgumentException _) {
        return false;
      }
    }
    return name.equals(plain);
  }
}
