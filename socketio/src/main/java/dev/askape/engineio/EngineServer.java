package dev.askape.engineio;

import dev.askape.http.ConnectionCounts;
import dev.askape.http.HttpExchange;
import dev.askape.http.HttpHandler;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpRoute;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The clients below one path. Safe for any thread.
public final class EngineServer implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 18;
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EngineSettings settings;
  private final Function<EngineSocket, EngineListener> onOpen;
  private final Map<String, EngineSocket> sockets = new ConcurrentHashMap<>();
  private final ConnectionCounts counts;
  private volatile boolean closing;

  /// For each new client, `onOpen` makes its listener, on the client's loop; it may send already.
  public EngineServer(EngineSettings settings, Function<EngineSocket, EngineListener> onOpen) {
    this.settings = settings;
    this.onOpen = onOpen;
    this.counts = new ConnectionCounts(settings.maxSockets(), settings.maxSocketsPerAddress());
  }

  /// An id that cannot be guessed.
  public static String randomId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public HttpRoute route() {
    return HttpRoute.prefix(settings.path(), new Requests());
  }

  /// Clients at the moment.
  public int connections() {
    return sockets.size();
  }

  private final class Requests implements HttpHandler {
    @Override
    public void handle(HttpExchange exchange) {
      serve(exchange);
    }

    @Override
    public void begin(HttpExchange exchange) {
      EngineSocket socket = sockets.get(exchange.query("sid").orElse(""));
      if (socket != null && exchange.method().equals("POST")) {
        socket.loop().execute(() -> socket.beginPost(exchange));
      }
    }
  }

  private void serve(HttpExchange exchange) {
    String transport = exchange.query("transport").orElse("");
    String sid = exchange.query("sid").orElse("");
    if (!transport.equals("polling") && !transport.equals("websocket")) {
      RequestError.TRANSPORT_UNKNOWN.answer(exchange);
    } else if (exchange.query("EIO").filter("4"::equals).isEmpty()) {
      RequestError.UNSUPPORTED_VERSION.answer(exchange);
    } else if (exchange.asksForWebSocket() != transport.equals("websocket")) {
      RequestError.BAD_REQUEST.answer(exchange);
    } else if (sid.isEmpty()) {
      open(exchange);
    } else {
      EngineSocket socket = sockets.get(sid);
      if (socket == null) {
        RequestError.UNKNOWN_SID.answer(exchange);
      } else {
        exchange.moveTo(socket.loop(), () -> socket.request(exchange));
      }
    }
  }

  private void open(HttpExchange exchange) {
    if (!exchange.method().equals("GET")) {
      RequestError.BAD_METHOD.answer(exchange);
    } else if (closing || !admits(exchange)) {
      exchange.reply(HttpReply.text(503, "Service Unavailable"));
    } else {
      var socket = new EngineSocket(this, settings, exchange, onOpen);
      sockets.put(socket.id(), socket);
      socket.open(exchange);
      if (closing) {
        socket.close(EndReason.SERVER_SHUTTING_DOWN);
      }
    }
  }

  /// Counts the client in, if there may be one more.
  private boolean admits(HttpExchange exchange) {
    InetAddress address = exchange.remoteAddress().getAddress();
    boolean admitted = counts.add(address);
    if (!admitted) {
      counts.remove(address);
    }
    return admitted;
  }

  void forget(EngineSocket socket) {
    if (sockets.remove(socket.id(), socket)) {
      counts.remove(socket.handshake().remoteAddress().getAddress());
      synchronized (sockets) {
        sockets.notifyAll();
      }
    }
  }

  /// Ends every connection by closing its transport, after which clients come back by themselves,
  /// and refuses new ones. Waits a second at most until all have heard of it; not to be called on
  /// an event loop.
  @Override
  public void close() {
    closing = true;
    sockets.values().forEach(socket -> socket.close(EndReason.SERVER_SHUTTING_DOWN));
    long deadline = System.nanoTime() + CLOSE_NANOS;
    synchronized (sockets) {
      try {
        for (long left; !sockets.isEmpty() && (left = deadline - System.nanoTime()) > 0; ) {
          TimeUnit.NANOSECONDS.timedWait(sockets, left);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
