package dev.askape.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// An HTTP/1.1 server with WebSocket upgrade. Host, origin and limits are checked before a route
/// sees anything. Safe for any thread; its connections are each confined to an event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty closes the channel
public final class HttpServer implements AutoCloseable {
  /// Bytes handed to a connection at a time. It takes no more while as many wait in it.
  static final int PIECE = 16 * 1024;

  private static final int MAX_REQUEST_LINE = 8 * 1024;
  private static final int MAX_HEADER = 16 * 1024;

  final HttpSettings settings;
  final ConnectionCounts counts;
  private final List<HttpRoute> routes;
  private final ChannelGroup connections =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private Channel listener;

  private HttpServer(HttpSettings settings, EventLoops loops, List<HttpRoute> routes) {
    this.settings = settings;
    this.routes = List.copyOf(routes);
    this.counts =
        new ConnectionCounts(settings.maxConnections(), settings.maxConnectionsPerAddress());
    this.listener = bind(loops);
  }

  /// Binds and serves the routes, of which the first that matches gets a request.
  ///
  /// @throws UncheckedIOException when the address cannot be bound, with a message for people
  public static HttpServer start(HttpSettings settings, EventLoops loops, List<HttpRoute> routes) {
    return new HttpServer(settings, loops, routes);
  }

  private Channel bind(EventLoops loops) {
    var bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(PIECE / 2, PIECE))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                });
    String where = settings.host() + ":" + settings.port();
    var address = new InetSocketAddress(settings.host(), settings.port());
    if (address.isUnresolved()) {
      throw new UncheckedIOException(new IOException("there is no address " + settings.host()));
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (bound.isSuccess()) {
      return bound.channel();
    }
    Throwable cause = bound.cause();
    boolean inUse = String.valueOf(cause.getMessage()).contains("in use");
    throw new UncheckedIOException(
        new IOException(
            inUse
                ? where + " is already in use"
                : "cannot listen on " + where + ": " + cause.getMessage(),
            cause));
  }

  private void accept(Channel channel) {
    InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    boolean admitted = counts.add(address);
    channel.closeFuture().addListener(_ -> counts.remove(address));
    connections.add(channel);
    var config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_REQUEST_LINE)
            .setMaxHeaderSize(MAX_HEADER)
            .setMaxChunkSize(PIECE);
    channel
        .pipeline()
        .addLast(new HttpServerCodec(config))
        .addLast(new HttpConnection(this, channel, admitted));
  }

  Optional<HttpHandler> route(String path) {
    return routes.stream().filter(route -> route.matches(path)).findFirst().map(HttpRoute::handler);
  }

  /// The port that is listened on.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// TCP connections at the moment.
  public int connections() {
    return counts.all();
  }

  /// Bytes in the buffers of all connections that the operating system has not taken yet.
  public long heldBytes() {
    long held = 0;
    for (Channel channel : connections) {
      ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
      held += buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
    return held;
  }

  /// Closes the listening socket only.
  public void stopAccepting() {
    listener.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  /// Stops accepting and cuts off every connection.
  @Override
  public void close() {
    stopAccepting();
    connections.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
