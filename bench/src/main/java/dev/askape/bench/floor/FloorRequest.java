package dev.askape.bench.floor;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/// One streamed completion, on a connection of its own: keeps what has been said and not yet been
/// passed on, as it stood in the JSON. Confined to its event loop.
class FloorRequest extends SimpleChannelInboundHandler<HttpObject> {
  private static final ByteBuf CONTENT =
      Unpooled.unreleasableBuffer(
          Unpooled.wrappedBuffer("\"content\":\"".getBytes(StandardCharsets.US_ASCII))
              .asReadOnly());

  private static final byte NEWLINE = '\n';

  private final String model;
  private final Runnable onEnd;
  private final ByteBuf text = Unpooled.buffer(256);
  private final ByteBuf rest = Unpooled.buffer(256);
  private int fragments;
  private boolean over;

  FloorRequest(String model, Runnable onEnd) {
    this.model = model;
    this.onEnd = onEnd;
  }

  void start(EventLoop loop, String host, int port) {
    var body =
        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}"
            .formatted(model)
            .getBytes(StandardCharsets.UTF_8);
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            "/v1/chat/completions",
            Unpooled.wrappedBuffer(body));
    request
        .headers()
        .set(HttpHeaderNames.HOST, host + ":" + port)
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    var _ =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpClientCodec(), FloorRequest.this);
                  }
                })
            .connect(host, port)
            .addListener((ChannelFuture connected) -> {
              var _ = connected.channel().writeAndFlush(request);
            });
  }

  boolean hasNews() {
    return text.isReadable();
  }

  int fragments() {
    return fragments;
  }

  /// Writes what is new as a chunk.
  void drainTo(ByteBuf frame) {
    frame.writeCharSequence("{\"modelId\":\"", StandardCharsets.US_ASCII);
    frame.writeCharSequence(model, StandardCharsets.US_ASCII);
    frame.writeCharSequence("\",\"chunk\":\"", StandardCharsets.US_ASCII);
    frame.writeBytes(text);
    frame.writeCharSequence("\",\"chunkIndex\":" + fragments + "}", StandardCharsets.US_ASCII);
    text.clear();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    if (part instanceof HttpContent content) {
      read(content.content());
      if (part instanceof LastHttpContent) {
        end();
        var _ = ctx.close();
      }
    }
  }

  /// Takes the lines that are whole; what is left of the last one waits for its end.
  private void read(ByteBuf bytes) {
    if (rest.isReadable()) {
      rest.writeBytes(bytes);
      lines(rest);
      rest.discardReadBytes();
    } else {
      lines(bytes);
      rest.clear().writeBytes(bytes);
    }
  }

  private void lines(ByteBuf input) {
    for (int length = input.bytesBefore(NEWLINE);
        length >= 0;
        length = input.bytesBefore(NEWLINE)) {
      line(input.readSlice(length));
      input.skipBytes(1);
    }
  }

  private void line(ByteBuf line) {
    int at = ByteBufUtil.indexOf(CONTENT, line);
    if (at < 0) {
      return;
    }
    int from = at + CONTENT.readableBytes();
    int to = line.indexOf(from, line.writerIndex(), (byte) '"');
    if (to > from) { // the first has no text; the stand-in's texts have no escapes
      said(line, from, to);
      fragments++;
    }
  }

  /// Takes the text of a fragment.
  void said(ByteBuf line, int from, int to) {
    text.writeBytes(line, from, to - from);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
  }

  private void end() {
    if (!over) {
      over = true;
      onEnd.run();
    }
  }
}
