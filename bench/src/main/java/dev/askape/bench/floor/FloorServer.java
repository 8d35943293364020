package dev.askape.bench.floor;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/// The relay's program: `FloorServer PORT PROVIDER-PORT`, both on loopback. Runs until it is ended.
public final class FloorServer {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int LARGEST = 1 << 20;

  private FloorServer() {}

  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int provider = Integer.parseInt(args[1]);
    var group = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
    new ServerBootstrap()
        .group(group)
        .channel(EpollServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpServerCodec(),
                        new HttpObjectAggregator(LARGEST),
                        new WebSocketServerProtocolHandler(
                            WebSocketServerProtocolConfig.newBuilder()
                                .websocketPath("/socket.io/")
                                .checkStartsWith(true)
                                .maxFramePayloadLength(LARGEST)
                                .build()),
                        new FloorConnection(LOOPBACK, provider));
              }
            })
        .bind(LOOPBACK, port)
        .syncUninterruptibly();
  }
}
