package dev.askape.bench.floor;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// The relay, listening on loopback. Its program is `FloorServer PORT PROVIDER-PORT` and runs until
/// it is ended.
public final class FloorServer implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int LARGEST = 1 << 20;

  private final MultiThreadIoEventLoopGroup group;
  private final Channel listener;

  private FloorServer(MultiThreadIoEventLoopGroup group, Channel listener) {
    this.group = group;
    this.listener = listener;
  }

  public static void main(String[] args) {
    var _ = start(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
  }

  /// Listens; port 0 takes a free one.
  public static FloorServer start(int port, int provider) {
    boolean epoll = Epoll.isAvailable();
    var group =
        new MultiThreadIoEventLoopGroup(
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    var listener =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, provider);
                  }
                })
            .bind(LOOPBACK, port)
            .syncUninterruptibly()
            .channel();
    return new FloorServer(group, listener);
  }

  private static void accept(Channel channel, int provider) {
    var config =
        WebSocketServerProtocolConfig.newBuilder()
            .websocketPath("/socket.io/")
            .checkStartsWith(true)
            .maxFramePayloadLength(LARGEST)
            .build();
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(LARGEST),
            new WebSocketServerProtocolHandler(config),
            new FloorConnection(LOOPBACK, provider));
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
