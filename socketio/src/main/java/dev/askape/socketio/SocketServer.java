package dev.askape.socketio;

import dev.askape.engineio.EngineServer;
import dev.askape.http.EventLoops;
import dev.askape.http.HttpRoute;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A Socket.IO server: the route of an HTTP server, and the namespaces behind it. Safe for any
/// thread.
public final class SocketServer implements AutoCloseable {
  private static final Duration LAST_TASKS = Duration.ofSeconds(2);

  private final SocketSettings settings;
  private final EventLoops loops;
  private final PacketDecoder decoder;
  private final EngineServer engine;
  private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("socket-", 0).factory());

  public SocketServer(SocketSettings settings, EventLoops loops) {
    this.settings = settings;
    this.loops = loops;
    this.decoder = new PacketDecoder(settings);
    this.engine = new EngineServer(settings.engine(), socket -> new Client(this, socket));
  }

  /// To be given to [dev.askape.http.HttpServer#start].
  public HttpRoute route() {
    return engine.route();
  }

  /// The namespace of this name (`/`, `/admin`), which exists from the first call on. To be set up
  /// before the server starts.
  public Namespace of(String name) {
    if (!name.startsWith("/") || name.contains(",") || name.contains("?")) {
      throw new IllegalArgumentException("not the name of a namespace: " + name);
    }
    return namespaces.computeIfAbsent(name, Namespace::new);
  }

  /// Connections at the moment.
  public int connections() {
    return engine.connections();
  }

  /// Ends every connection with a transport close, after which clients come back by themselves, and
  /// refuses new ones. Disconnect handlers get two seconds; what runs then is interrupted. Not to
  /// be called on an event loop.
  @Override
  public void close() {
    if (loops.loops().stream().anyMatch(EventLoop::inEventLoop)) {
      throw new IllegalStateException("would wait for this event loop on itself");
    }
    engine.close();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LAST_TASKS.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException _) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  SocketSettings settings() {
    return settings;
  }

  PacketDecoder decoder() {
    return decoder;
  }

  Executor threads() {
    return threads;
  }

  @Nullable Namespace find(String name) {
    return namespaces.get(name);
  }
}
