package dev.askape.standin;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

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
    return start(loops, host, port, Optional.empty());
  }

  /// The same for callers that show a key, each in the way of its dialect.
  public static StandInProvider start(
      EventLoops loops, String host, int port, Optional<String> key) {
    var stats = new StandInStats();
    var settings = HttpSettings.defaults().withAddress(host, port).withMaxBody(MAX_BODY);
    var server = HttpServer.start(settings, loops, new StandInRoutes(stats, key).all());
    return new StandInProvider(host, server, stats);
  }

  public int port() {
    return server.port();
  }

  /// Where it listens: all dialects below it, each at the paths of its provider.
  public URI root() {
    return URI.create("http://" + host + ":" + port());
  }

  /// What an OpenAI-compatible client is given as the base URL.
  public URI baseUrl() {
    return URI.create(root() + "/v1");
  }

  /// What it has seen.
  public Stats stats() {
    return stats.now();
  }

  /// What it was asked of one model id.
  public Calls calls(String modelId) {
    return stats.of(modelId);
  }

  @Override
  public void close() {
    server.close();
  }

  /// Requests for answers: all, those that run, those that ended as scripted, and those whose
  /// client went away.
  ///
  /// @param redirected requests of any kind that followed a scripted redirection
  public record Stats(
      long requests, long running, long completed, long cancelled, long redirected) {}

  /// Requests for answers of one model id.
  ///
  /// @param nanos when the first hundred of them came, on the clock of [System#nanoTime]
  public record Calls(long count, List<Long> nanos) {}
}
