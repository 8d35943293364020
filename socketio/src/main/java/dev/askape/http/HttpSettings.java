package dev.askape.http;

import java.time.Duration;

/// Where an [HttpServer] listens and what it puts up with.
///
/// @param host the address to bind
/// @param port the port to bind; 0 takes a free one
/// @param maxConnections TCP connections at once; more are answered 503
/// @param maxConnectionsPerAddress of these from one address; loopback has no such limit
/// @param maxBody bytes of a request's body; more is answered 413
/// @param headerTimeout from the connection's start to the end of its first request's header
/// @param bodyTimeout from the header's end to the body's, and for a reader of a reply that stalls
/// @param idleTimeout between two requests on a connection
/// @param origins which pages may call
/// @param hosts under which names the server may be called
public record HttpSettings(
    String host,
    int port,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxBody,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    OriginPolicy origins,
    HostPolicy hosts) {

  public static HttpSettings defaults() {
    return new HttpSettings(
        "127.0.0.1",
        3001,
        20_000,
        1_000,
        1 << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        Duration.ofSeconds(75),
        OriginPolicy.loopback(),
        HostPolicy.loopback());
  }

  public HttpSettings withAddress(String host, int port) {
    return new HttpSettings(
        host,
        port,
        maxConnections,
        maxConnectionsPerAddress,
        maxBody,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        origins,
        hosts);
  }

  public HttpSettings withMaxConnections(int all, int perAddress) {
    return new HttpSettings(
        host,
        port,
        all,
        perAddress,
        maxBody,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        origins,
        hosts);
  }

  public HttpSettings withMaxBody(int bytes) {
    return new HttpSettings(
        host,
        port,
        maxConnections,
        maxConnectionsPerAddress,
        bytes,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        origins,
        hosts);
  }

  public HttpSettings withTimeouts(Duration header, Duration body, Duration idle) {
    return new HttpSettings(
        host,
        port,
        maxConnections,
        maxConnectionsPerAddress,
        maxBody,
        header,
        body,
        idle,
        origins,
        hosts);
  }

  public HttpSettings withPolicies(OriginPolicy origins, HostPolicy hosts) {
    return new HttpSettings(
        host,
        port,
        maxConnections,
        maxConnectionsPerAddress,
        maxBody,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        origins,
        hosts);
  }
}
