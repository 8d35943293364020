package dev.askape.standin;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import java.net.URI;

/// The stand-in, listening. Safe for any thread.
public final class StandInProvider implements AutoCloseable {
  private static final int MAX_BODY = 16 << 20;

  private final String host;
  private final HttpServer server;
  private final StandInStats stats;

  private StandInProvider(String host, HttpServer server, StandInStats stats) {
    this.host = host;
    this.server = server;
    this.stats = stats;
  }

  /// Listens on the port (0 takes a free one), on event loops that stay the caller's.
  ///
  /// @throws java.io.UncheckedIOException when it cannot
  public static StandInProvider start(EventLoops loops, String host, int port) {
    var stats = new StandInStats();
    var settings = HttpSettings.defaults().withAddress(host, port).withMaxBody(MAX_BODY);
    var server = HttpServer.start(settings, loops, new StandInRoutes(stats).all());
    return new StandInProvider(host, server, stats);
  }

  public int port() {
    return server.port();
  }

  /// What a client is given as the base URL.
  public URI baseUrl() {
    return URI.create("http://" + host + ":" + port() + "/v1");
  }

  /// What it has seen.
  public Stats stats() {
    return stats.now();
  }

  @Override
  public void close() {
    server.close();
  }

  /// Requests for answers: all, those that run, those that ended as scripted, and those whose
  /// client went away.
  public record Stats(long requests, long running, long completed, long cancelled) {}
}
