package dev.askape.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// A number of clients at work, from [#start] to [#close]. For one thread.
public final class Load implements AutoCloseable {
  private static final int LARGEST_FRAME = 16 << 20;
  private static final int LARGEST_RESPONSE = 64 << 10;
  private static final long LAG_MILLIS = 10;

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final LoadSettings settings;
  private final Tally tally = new Tally();
  private final List<LoadClient> clients = new ArrayList<>();

  private Load(LoadSettings settings) {
    this.settings = settings;
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    this.loop = group.next();
  }

  /// Connects the clients and lets them begin.
  ///
  /// @param run makes the sessions' ids differ from those of other runs
  public static Load start(LoadSettings settings, String run) {
    var load = new Load(settings);
    long step = settings.spread().toNanos() / settings.clients();
    for (int i = 0; i < settings.clients(); i++) {
      var client = new LoadClient(run + "-" + i, settings, i * step, load.tally);
      load.connect(client, 0);
      load.clients.add(client);
    }
    load.watchLag();
    return load;
  }

  /// @param receiveBuffer bytes of the kernel's buffer; 0 leaves it to the kernel
  private Channel connect(ChannelHandler client, int receiveBuffer) {
    var uri =
        URI.create(
            "ws://"
                + settings.host()
                + ":"
                + settings.port()
                + "/socket.io/?EIO=4&transport=websocket");
    var bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(LARGEST_RESPONSE),
                            new WebSocketClientProtocolHandler(
                                uri,
                                WebSocketVersion.V13,
                                null,
                                false,
                                EmptyHttpHeaders.INSTANCE,
                                LARGEST_FRAME),
                            client);
                  }
                });
    if (receiveBuffer > 0) {
      bootstrap.option(ChannelOption.SO_RCVBUF, receiveBuffer);
    }
    return bootstrap.connect(settings.host(), settings.port()).syncUninterruptibly().channel();
  }

  private void watchLag() {
    long period = TimeUnit.MILLISECONDS.toNanos(LAG_MILLIS);
    scheduleLag(System.nanoTime() + period, period);
  }

  private void scheduleLag(long due, long period) {
    var _ =
        loop.schedule(
            () -> {
              long now = System.nanoTime();
              Tally.record(tally.lag, (now - due) / 1_000);
              scheduleLag(now + period, period);
            },
            period,
            TimeUnit.NANOSECONDS);
  }

  /// Adds one that stops reading for a while.
  public SlowClient addSlow(String run, String model, int receiveBuffer) {
    var slow = new SlowClient(run + "-slow", model, tally);
    slow.on(connect(slow, receiveBuffer));
    return slow;
  }

  /// Counts from now on.
  public void begin() {
    call(() -> {
      tally.clear();
      return true;
    });
  }

  /// Waits until so many turns have ended since [#begin()], or the time is over.
  public void awaitTurns(long turns, Duration most) throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    while (results().turns() < turns && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /// What has come since [#begin()].
  public Results results() {
    return call(tally::results);
  }

  /// Lets every client finish its turn; who does not within the time counts as an error.
  public Results finish(Duration most) throws InterruptedException {
    call(() -> {
      clients.forEach(LoadClient::stop);
      return true;
    });
    long until = System.nanoTime() + most.toNanos();
    while (running() > 0 && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    long unfinished = running();
    return call(() -> {
      for (long i = 0; i < unfinished; i++) {
        tally.error("a turn that did not end");
      }
      return tally.results();
    });
  }

  private long running() {
    return call(() -> clients.stream().filter(LoadClient::isRunning).count());
  }

  private <T> T call(Callable<T> task) {
    return loop.submit(task).syncUninterruptibly().getNow();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
