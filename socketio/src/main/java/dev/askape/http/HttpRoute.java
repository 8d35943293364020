package dev.askape.http;

/// Which requests a handler gets: those of one path, or all at and below it.
public record HttpRoute(String path, boolean below, HttpHandler handler) {

  /// This path only.
  public static HttpRoute exact(String path, HttpHandler handler) {
    return new HttpRoute(path, false, handler);
  }

  /// This path (given with or without a slash at its end) and all below it.
  public static HttpRoute prefix(String path, HttpHandler handler) {
    return new HttpRoute(path, true, handler);
  }

  public HttpRoute {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with a slash: " + path);
    }
    if (below && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
  }

  boolean matches(String requested) {
    if (!below) {
      return requested.equals(path);
    }
    return requested.startsWith(path)
        && (requested.length() == path.length() || requested.charAt(path.length()) == '/');
  }
}
