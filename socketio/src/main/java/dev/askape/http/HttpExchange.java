package dev.askape.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One request and its answer. What it was asked may be read, and the answer given, by any thread.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty closes the channel
public final class HttpExchange {
  private final HttpConnection connection;
  private final RequestHead head;
  private final @Nullable String host;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final CopyOnWriteArrayList<Runnable> closeCallbacks = new CopyOnWriteArrayList<>();
  private boolean malformed;
  private @Nullable String allowedOrigin;
  boolean keepAlive;
  byte[] body = new byte[0];

  private HttpExchange(HttpConnection connection, RequestHead head, HttpRequest request) {
    this.connection = connection;
    this.head = head;
    this.host = request.headers().get("host");
    this.keepAlive = HttpUtil.isKeepAlive(request);
  }

  static HttpExchange of(HttpConnection connection, HttpRequest request) {
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(h ->
            headers.merge(
                h.getKey().toLowerCase(Locale.ROOT), h.getValue(), (a, b) -> a + ", " + b));
    var remote = (InetSocketAddress) connection.channel().remoteAddress();
    String path = "";
    Map<String, List<String>> query = Map.of();
    boolean malformed = false;
    try {
      var uri = new QueryStringDecoder(request.uri());
      path = uri.path();
      query = uri.parameters();
    } catch (IllegalArgumentException _) { // a percent sign that escapes nothing
      malformed = true;
    }
    var head = new RequestHead(request.method().name(), path, query, Map.copyOf(headers), remote);
    var exchange = new HttpExchange(connection, head, request);
    exchange.malformed = malformed;
    return exchange;
  }

  /// The status with which this request is turned away before a route sees it, 0 when it is not.
  int refusal(HttpSettings settings, HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> origins = headers.getAll("origin");
    if (malformed || host == null || headers.getAll("host").size() > 1 || origins.size() > 1) {
      return 400;
    }
    if (!settings.hosts().allows(host, (InetSocketAddress) connection.channel().localAddress())) {
      return 403;
    }
    if (!origins.isEmpty()) {
      String origin = origins.getFirst();
      if (!settings.origins().allows(origin, host)) {
        return 403;
      }
      allowedOrigin = origin;
      if (method().equals("OPTIONS") && headers.contains("access-control-request-method")) {
        return 204;
      }
    }
    return HttpUtil.getContentLength(request, 0L) > settings.maxBody() ? 413 : 0;
  }

  /// What the request said before its body.
  public RequestHead head() {
    return head;
  }

  public String method() {
    return head.method();
  }

  public String path() {
    return head.path();
  }

  /// The first value of a query parameter.
  public Optional<String> query(String name) {
    return head.query(name);
  }

  /// A header's value, by any spelling of its name.
  public Optional<String> header(String name) {
    return head.header(name.toLowerCase(Locale.ROOT));
  }

  /// The whole body; not a copy.
  public byte[] body() {
    return body;
  }

  public InetSocketAddress remoteAddress() {
    return head.remoteAddress();
  }

  public boolean isLoopback() {
    return head.isLoopback();
  }

  /// The loop that the connection is confined to at the moment.
  public EventLoop loop() {
    return channel().eventLoop();
  }

  private Channel channel() {
    return connection.channel();
  }

  /// Called on the connection's loop, as a handler is: makes another loop the connection's, for
  /// good, and goes on there. So all connections of one client can share a loop, and its state
  /// needs no lock. The task does not run when the connection is closed meanwhile.
  public void moveTo(EventLoop loop, Runnable task) {
    if (loop().equals(loop)) {
      task.run();
      return;
    }
    channel()
        .deregister()
        .addListener(_ ->
            loop.register(channel())
                .addListener(registered -> {
                  if (registered.isSuccess()) {
                    task.run();
                  } else {
                    channel().close();
                    connection.closed();
                  }
                }));
  }

  /// Answers; a second answer is ignored, as is one to a client that has gone.
  public void reply(HttpReply reply) {
    reply(reply.status(), reply.headers(), Slices.of(reply.body()));
  }

  /// Answers with a body that is written in pieces, as the client takes it.
  public void reply(int status, Map<String, String> headers, Slices content) {
    if (answered.compareAndSet(false, true)) {
      onLoop(() -> connection.write(this, response(status, headers), content));
    }
  }

  /// Starts an answer that is written bit by bit.
  public HttpStream stream(int status, Map<String, String> headers) {
    return stream(HttpResponseStatus.valueOf(status), headers);
  }

  /// The same with words of its own behind the status.
  public HttpStream stream(int status, String reason, Map<String, String> headers) {
    return stream(new HttpResponseStatus(status, reason), headers);
  }

  private HttpStream stream(HttpResponseStatus status, Map<String, String> headers) {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("already answered");
    }
    var stream = new HttpStream(this, connection);
    onLoop(() -> connection.start(response(status, headers)));
    return stream;
  }

  /// Breaks the connection off with a TCP reset, without any answer.
  public void reset() {
    if (answered.compareAndSet(false, true)) {
      new HttpStream(this, connection).reset();
    }
  }

  boolean isAnswered() {
    return answered.get();
  }

  /// Whether this is a request to become a WebSocket (RFC 6455, 4.2.1).
  public boolean asksForWebSocket() {
    return header("upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
  }

  /// Becomes a WebSocket. Called on the connection's loop, once, instead of an answer. False when
  /// the request is not fit for it; it is answered then.
  public boolean upgrade(WebSocketListener listener, int maxMessage) {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("already answered");
    }
    Optional<Map<String, String>> agreed = WebSocketHandshake.accept(head);
    if (agreed.isEmpty()) {
      var refusal = response(426, Map.of("Sec-WebSocket-Version", "13"));
      connection.write(this, refusal, Slices.EMPTY);
      return false;
    }
    channel().writeAndFlush(response(101, agreed.get()));
    return WebSocket.open(channel(), connection, listener, maxMessage);
  }

  /// The callback runs on the connection's loop when it closes before the answer is written.
  public void onClose(Runnable callback) {
    closeCallbacks.add(callback);
    if (!channel().isOpen()) {
      onLoop(this::closed);
    }
  }

  /// The answer is written; what happens to the connection from now on is nobody's concern.
  void done() {
    closeCallbacks.clear();
  }

  void closed() {
    List<Runnable> callbacks = List.copyOf(closeCallbacks);
    closeCallbacks.clear();
    callbacks.forEach(Runnable::run);
  }

  void onLoop(Runnable task) {
    if (loop().inEventLoop()) {
      task.run();
    } else {
      loop().execute(task);
    }
  }

  private DefaultHttpResponse response(int status, Map<String, String> headers) {
    return response(HttpResponseStatus.valueOf(status), headers);
  }

  private DefaultHttpResponse response(HttpResponseStatus status, Map<String, String> headers) {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    HttpHeaders out = response.headers();
    headers.forEach(out::set);
    out.add("Vary", "Origin");
    out.set("X-Content-Type-Options", "nosniff");
    if (allowedOrigin != null) {
      out.set("Access-Control-Allow-Origin", allowedOrigin);
      out.set("Access-Control-Allow-Credentials", "true");
      if (method().equals("OPTIONS")) {
        out.set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
        out.set(
            "Access-Control-Allow-Headers",
            header("access-control-request-headers").orElse("Content-Type, Authorization"));
        out.set("Access-Control-Max-Age", "600");
      }
    }
    return response;
  }
}
