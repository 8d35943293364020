package dev.askape.http;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The event loops that a server and its outgoing clients share: epoll where it is there, else NIO.
/// Safe for any thread.
public final class EventLoops implements AutoCloseable {
  private final EventLoopGroup group;
  private final List<EventLoop> loops;
  private final Class<? extends ServerChannel> serverChannel;

  private EventLoops(EventLoopGroup group, Class<? extends ServerChannel> serverChannel) {
    this.group = group;
    this.serverChannel = serverChannel;
    List<EventLoop> all = new ArrayList<>();
    group.forEach(loop -> all.add((EventLoop) loop));
    this.loops = List.copyOf(all);
  }

  /// Starts the loops; 0 threads means one for every two cores. A loop that is busy costs less for
  /// each fragment than two that sleep and wake in turn, and what waits needs cores too.
  public static EventLoops start(int threads) {
    return start(threads, Epoll.isAvailable());
  }

  static EventLoops start(int threads, boolean epoll) {
    int count = threads > 0 ? threads : (Runtime.getRuntime().availableProcessors() + 1) / 2;
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop"), io),
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
  }

  /// The group, for clients built on Netty.
  public EventLoopGroup group() {
    return group;
  }

  /// Its loops, in a fixed order.
  public List<EventLoop> loops() {
    return loops;
  }

  Class<? extends ServerChannel> serverChannel() {
    return serverChannel;
  }

  /// Ends the loops and waits for them, at most five seconds. What is still open is cut off.
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
