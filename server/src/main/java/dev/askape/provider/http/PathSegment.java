package dev.askape.provider.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Makes any text a part of a URL that means only itself.
public final class PathSegment {
  private PathSegment() {}

  /// Percent-encoded, for one segment of a path or one value of a query.
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
