package dev.askape.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Which pages a browser may let call: those of the server's own origin, those of loopback and the
/// listed ones. A request without an `Origin` does not come from a page of another origin.
public final class OriginPolicy {
  private final Set<String> listed;

  private OriginPolicy(Set<String> listed) {
    this.listed = listed;
  }

  /// The server's own origin and every loopback one.
  public static OriginPolicy loopback() {
    return new OriginPolicy(Set.of());
  }

  /// These besides, each like `https://chat.example.org`; `*` lets every page call.
  public static OriginPolicy of(List<String> origins) {
    for (String origin : origins) {
      if (!origin.equals("*") && !origin.matches("https?://[^/?#@\\s]+")) {
        throw new IllegalArgumentException(
            "an origin is scheme://host or scheme://host:port without a path: " + origin);
      }
    }
    return new OriginPolicy(
        origins.stream().map(OriginPolicy::normalized).collect(Collectors.toUnmodifiableSet()));
  }

  /// Whether a page of this origin may call the server under that `Host`, which was checked before.
  boolean allows(String origin, String host) {
    if (listed.contains("*")) {
      return true;
    }
    String asked = normalized(origin);
    int scheme = asked.indexOf("://");
    if (scheme < 0 || !(asked.startsWith("http://") || asked.startsWith("https://"))) {
      return false; // also "null", which any page can have
    }
    String authority = asked.substring(scheme + 3);
    return listed.contains(asked)
        || authority.equals(withoutDefaultPort(asked.substring(0, scheme), host))
        || HostPolicy.isLoopback(HostPolicy.nameOf(authority));
  }

  private static String normalized(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    int scheme = lower.indexOf("://");
    return scheme < 0 ? lower : withoutDefaultPort(lower.substring(0, scheme), lower);
  }

  private static String withoutDefaultPort(String scheme, String authority) {
    String end = scheme.equals("https") ? ":443" : ":80";
    String lower = authority.toLowerCase(Locale.ROOT);
    return lower.endsWith(end) ? lower.substring(0, lower.length() - end.length()) : lower;
  }
}
