package dev.askape.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// An answer that is written bit by bit, in chunks. Safe for any thread. A client that leaves more
/// than a megabyte unread is cut off.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty closes the channel
public final class HttpStream {
  private static final int MAX_UNREAD = 1 << 20;

  private final HttpExchange exchange;
  private final HttpConnection connection;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger unread = new AtomicInteger();

  HttpStream(HttpExchange exchange, HttpConnection connection) {
    this.exchange = exchange;
    this.connection = connection;
  }

  /// Sends a chunk at once. The array is not copied.
  public void write(byte[] bytes) {
    if (bytes.length == 0 || !isOpen()) {
      return;
    }
    if (unread.addAndGet(bytes.length) > MAX_UNREAD) {
      reset();
      return;
    }
    exchange.onLoop(() ->
        channel()
            .writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
            .addListener(_ -> unread.addAndGet(-bytes.length)));
  }

  /// Ends the answer as it should end.
  public void end() {
    if (ended.compareAndSet(false, true)) {
      exchange.onLoop(() -> {
        channel().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        connection.finished(exchange);
      });
    }
  }

  /// Breaks the connection off with a TCP reset.
  public void reset() {
    ended.set(true);
    channel().config().setOption(ChannelOption.SO_LINGER, 0);
    channel().close();
  }

  /// Whether the client is there and the answer has not ended.
  public boolean isOpen() {
    return !ended.get() && channel().isActive();
  }

  /// Whether what is written now does not have to wait for what was written before. For any thread.
  public boolean takesMore() {
    return channel().isWritable();
  }

  /// The callback runs on the connection's loop when it closes before the answer ended.
  public void onClose(Runnable callback) {
    exchange.onClose(callback);
  }

  private Channel channel() {
    return connection.channel();
  }
}
