package dev.askape.provider.openai;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/// The HTTP client of one event loop, with connections of its own. Safe for any thread.
///
/// `https` speaks HTTP/2 where the server does, many streams on one connection. The pool that does
/// this opens its connections one after the other; a server that turns out to speak only HTTP/1.1
/// is asked through another one from then on.
final class LoopClient {
  private static final int MAX_HEADER_BYTES = 32_768;
  private static final int STREAMS_AT_ONCE = 64;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final EventLoop loop;
  private final ConnectionProvider connections;
  private final HttpClient best;
  private final HttpClient http11;
  private volatile boolean only11;

  /// @param change is applied to the client, such as whom it trusts
  LoopClient(
      EventLoop loop,
      OpenAiSettings settings,
      DnsAddressResolverGroup names,
      UnaryOperator<HttpClient> change) {
    this.loop = loop;
    this.connections = connections(settings);
    boolean secure = "https".equals(settings.baseUrl().getScheme());
    var client = client(loop, connections, settings).resolver(names);
    this.http11 = change.apply(client.protocol(HttpProtocol.HTTP11));
    this.best =
        secure ? change.apply(client.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)) : http11;
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

  private static ConnectionProvider connections(OpenAiSettings settings) {
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

  private static HttpClient client(
      EventLoop loop, ConnectionProvider connections, OpenAiSettings settings) {
    var client =
        HttpClient.create(connections)
            .runOn(loop)
            .baseUrl(settings.baseUrl().toString())
            .followRedirect(false)
            .httpResponseDecoder(spec -> spec.maxHeaderSize(MAX_HEADER_BYTES))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) settings.timeouts().connect().toMillis())
            .headers(headers -> addHeaders(headers, settings));
    return "https".equals(settings.baseUrl().getScheme()) ? client.secure() : client;
  }

  private static void addHeaders(HttpHeaders headers, OpenAiSettings settings) {
    headers.set("user-agent", "askape");
    headers.set("content-type", "application/json");
    headers.set("accept", "text/event-stream, application/json");
    settings.headers().forEach(headers::set);
    settings.apiKey().ifPresent(key -> headers.set("authorization", "Bearer " + key.reveal()));
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
