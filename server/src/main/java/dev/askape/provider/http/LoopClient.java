package dev.askape.provider.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.time.Duration;
import java.util.List;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/// The HTTP client of one event loop, with connections of its own. Safe for any thread.
///
/// It asks once: nothing is sent again by itself, and no redirect is followed. `https` speaks
/// HTTP/2 where the server does, many streams on one connection. The pool that does this opens its
/// connections one after the other; a server that turns out to speak only HTTP/1.1 is asked through
/// another one from then on.
final class LoopClient {
  private static final int MAX_HEADER_BYTES = 32_768;
  private static final int STREAMS_AT_ONCE = 64;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final EventLoop loop;
  private final ConnectionProvider connections;
  private final HttpClient best;
  private final HttpClient http11;
  private volatile boolean only11;

  LoopClient(EventLoop loop, Endpoint endpoint, DnsAddressResolverGroup names) {
    this.loop = loop;
    this.connections = connections(endpoint.settings());
    var client = client(endpoint, names);
    var plain = client.protocol(HttpProtocol.HTTP11);
    if (endpoint.settings().isSecure()) {
      this.http11 = endpoint.tls().http11(plain);
      this.best = endpoint.tls().http2(client.protocol(HttpProtocol.H2, HttpProtocol.HTTP11));
    } else {
      this.http11 = plain;
      this.best = plain;
    }
  }

  EventLoop loop() {
    return loop;
  }

  HttpClient http() {
    return only11 ? http11 : best;
  }

  /// Learns from a connection which protocol the server speaks.
  void learnFrom(Channel channel) {
    only11 = !(channel instanceof Http2StreamChannel);
  }

  void close() {
    connections.dispose();
  }

  private static ConnectionProvider connections(EndpointSettings settings) {
    int calls = settings.maxConcurrentCalls();
    return ConnectionProvider.builder("askape-" + settings.name())
        .maxConnections(calls)
        .allocationStrategy(
            Http2AllocationStrategy.builder()
                .maxConnections(calls)
                .strictConnectionReuse(true)
                .streamBatchSize(STREAMS_AT_ONCE)
                .build())
        .pendingAcquireMaxCount(calls)
        .pendingAcquireTimeout(settings.timeouts().connect())
        .maxIdleTime(IDLE)
        .build();
  }

  private HttpClient client(Endpoint endpoint, DnsAddressResolverGroup names) {
    var headers = endpoint.headers();
    int connectMillis = (int) endpoint.settings().timeouts().connect().toMillis();
    var client =
        HttpClient.create(connections)
            .runOn(loop)
            .baseUrl(endpoint.base())
            .httpMessageLogFactory(QuietMessages.INSTANCE)
            .followRedirect(false)
            .disableRetry(true)
            .httpResponseDecoder(spec -> spec.maxHeaderSize(MAX_HEADER_BYTES))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
            .headers(all -> headers.forEach(all::set));
    // a proxy looks the names up by itself
    return endpoint
        .proxy()
        .map(proxy -> proxy.on(client, connectMillis))
        .orElseGet(() -> client.resolver(names));
  }

  /// Finds addresses without blocking, on the event loop that asks.
  static DnsAddressResolverGroup names(List<EventLoop> loops, Duration timeout) {
    LoopResources resources = _ -> loops.getFirst();
    return new DnsAddressResolverGroup(
        new DnsNameResolverBuilder()
            .queryTimeoutMillis(timeout.toMillis())
            .datagramChannelType(
                resources.onChannelClass(DatagramChannel.class, loops.getFirst())));
  }
}
