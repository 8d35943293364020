package dev.askape.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP/1.1 connection. Confined to its channel's event loop, which changes when a request is
/// moved to another (see [HttpExchange#moveTo]), never while one is being read or answered.
///
/// A request is read whole, handled, and answered before the next is looked at; what a client sends
/// ahead waits, and after a few messages is no longer read.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty closes the channel
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
  private static final int MAX_WAITING = 16;

  private final HttpServer server;
  private final HttpSettings settings;
  private final Channel channel;
  private final boolean admitted;
  private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private boolean readingWaiting;
  private @Nullable HttpExchange current;
  private boolean bodyDue; // the current request's body is not whole
  private boolean announced; // its handler knows of it
  private int refusal; // the status with which it is refused, or 0
  private Slices.@Nullable Cursor reply; // being written
  private boolean pumping;
  private @Nullable Future<?> timer;

  HttpConnection(HttpServer server, Channel channel, boolean admitted) {
    this.server = server;
    this.settings = server.settings;
    this.channel = channel;
    this.admitted = admitted;
  }

  Channel channel() {
    return channel;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (admitted) {
      closeAfter(settings.headerTimeout());
    } else {
      closeWith(HttpResponseStatus.SERVICE_UNAVAILABLE);
    }
  }

  private void closeWith(HttpResponseStatus status) {
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    channel.writeAndFlush(response).addListener(_ -> channel.close());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject part = (HttpObject) message;
    if (current == null || bodyDue) {
      read(part);
      return;
    }
    waiting.add(part);
    if (waiting.size() > MAX_WAITING) {
      channel.config().setAutoRead(false);
    }
  }

  private void read(HttpObject part) {
    try {
      if (!admitted) {
        return;
      }
      if (part.decoderResult().isFailure()) {
        LOG.debug("bad request", part.decoderResult().cause());
        closeWith(HttpResponseStatus.BAD_REQUEST);
        return;
      }
      if (part instanceof HttpRequest request) {
        begin(request);
      }
      if (part instanceof HttpContent content && current != null) {
        append(current, content.content());
        if (part instanceof LastHttpContent) {
          bodyIsWhole(current);
        }
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  private void begin(HttpRequest request) {
    HttpExchange exchange = HttpExchange.of(this, request);
    current = exchange;
    bodyDue = true;
    announced = false;
    closeAfter(settings.bodyTimeout());
    refusal = exchange.refusal(settings, request);
    boolean hasBody =
        HttpUtil.getContentLength(request, 0L) > 0 || HttpUtil.isTransferEncodingChunked(request);
    if (refusal != 0 && hasBody) {
      refuse(exchange, refusal);
    } else if (HttpUtil.is100ContinueExpected(request)) {
      channel.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  private void append(HttpExchange exchange, ByteBuf content) {
    if (!bodyDue || !content.isReadable()) {
      return;
    }
    if (!exchange.isAnswered() && body.size() + content.readableBytes() > settings.maxBody()) {
      refuse(exchange, 413);
    }
    if (!exchange.isAnswered()) {
      try {
        content.readBytes(body, content.readableBytes());
      } catch (IOException e) {
        throw new AssertionError("memory cannot fail to be written", e);
      }
    }
  }

  /// Answers before the request is whole. If more of it is to come, the connection is of no further
  /// use, but what comes is read and thrown away for a while: closing now would reset the
  /// connection, and the client might never see the answer.
  private void refuse(HttpExchange exchange, int status) {
    body.reset();
    exchange.reply(
        status == 204
            ? HttpReply.empty(204)
            : HttpReply.text(status, HttpResponseStatus.valueOf(status).reasonPhrase()));
  }

  private void bodyIsWhole(HttpExchange exchange) {
    if (!bodyDue) {
      return;
    }
    bodyDue = false;
    cancelTimer();
    if (exchange.isAnswered()) {
      body.reset();
      if (reply == null) {
        finished(exchange);
      }
      return;
    }
    if (refusal != 0) {
      refuse(exchange, refusal);
      return;
    }
    exchange.body = body.toByteArray();
    body.reset();
    call(exchange, HttpHandler::handle);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (current != null && bodyDue && !announced && !current.isAnswered()) {
      announced = true;
      call(current, HttpHandler::begin);
    }
  }

  @SuppressWarnings("IllegalCatch") // the one place where a handler's failure becomes a 500
  private void call(HttpExchange exchange, BiConsumer<HttpHandler, HttpExchange> step) {
    try {
      server
          .route(exchange.path())
          .ifPresentOrElse(
              handler -> step.accept(handler, exchange),
              () -> exchange.reply(HttpReply.text(404, "Not Found")));
    } catch (RuntimeException e) {
      LOG.error("handler of {} failed", exchange.path(), e);
      exchange.reply(HttpReply.text(500, "Internal Server Error"));
    }
  }

  /// Writes an answer, of which a body that is not small goes out in pieces.
  void write(HttpExchange exchange, HttpResponse head, Slices content) {
    if (exchange != current || !channel.isActive()) {
      return;
    }
    boolean bodyless = exchange.method().equals("HEAD") || head.status().code() == 204;
    if (head.status().code() != 204) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.size());
    }
    if (!exchange.keepAlive || bodyDue) {
      exchange.keepAlive = false;
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    reply = new Slices.Cursor(bodyless ? Slices.EMPTY : content);
    channel.write(head);
    pump(exchange);
  }

  private void pump(HttpExchange exchange) {
    Slices.Cursor cursor = reply;
    if (cursor == null || pumping) {
      return;
    }
    pumping = true; // a flush can make the channel writable and so come back here
    do {
      while (!cursor.done() && channel.isWritable()) {
        channel.write(new DefaultHttpContent(cursor.piece(channel.alloc())));
      }
      if (cursor.done()) {
        channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
      }
      channel.flush();
    } while (!cursor.done() && channel.isWritable());
    pumping = false;
    if (cursor.done()) {
      reply = null;
      finished(exchange);
    } else {
      closeAfter(settings.bodyTimeout());
    }
  }

  /// The answer is written: closes, or goes on to the next request.
  void finished(HttpExchange exchange) {
    if (exchange != current || bodyDue) {
      return;
    }
    exchange.done();
    if (!exchange.keepAlive) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
      closeAfter(settings.bodyTimeout());
      return;
    }
    current = null;
    closeAfter(settings.idleTimeout());
    readWaiting();
  }

  private void readWaiting() {
    if (readingWaiting) {
      return; // an answer that was given at once: the loop below goes on
    }
    readingWaiting = true;
    while ((current == null || bodyDue) && !waiting.isEmpty()) {
      read(waiting.remove());
    }
    readingWaiting = false;
    if (waiting.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }

  /// Starts an answer of unknown length.
  void start(DefaultHttpResponse head) {
    HttpUtil.setTransferEncodingChunked(head, true);
    channel.writeAndFlush(head);
  }

  /// Gives the connection up to a WebSocket. False when the client did not wait for the answer.
  boolean leave() {
    cancelTimer();
    current = null;
    return waiting.isEmpty();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable() && current != null) {
      pump(current);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed();
  }

  void closed() {
    cancelTimer();
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    HttpExchange exchange = current;
    current = null;
    if (exchange != null) {
      exchange.closed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("connection failed", cause);
    channel.close();
  }

  private void closeAfter(Duration time) {
    cancelTimer();
    timer =
        channel.eventLoop().schedule(() -> channel.close(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
