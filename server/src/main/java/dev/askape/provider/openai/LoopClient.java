package dev.askape.provider.openai;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.time.Duration;
import java.util.List;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/// The HTTP client of one event loop, with connections of its own. Safe for any thread.
record LoopClient(EventLoop loop, HttpClient http, ConnectionProvider connections) {
  private static final int MAX_HEADER_BYTES = 32_768;
  private static final Duration IDLE = Duration.ofSeconds(30);

  static LoopClient create(EventLoop loop, OpenAiSettings settings, DnsAddressResolverGroup names) {
    int calls = settings.maxConcurrentCalls();
    var connections =
        ConnectionProvider.builder("askape-" + settings.name())
            .maxConnections(calls)
            .pendingAcquireMaxCount(calls)
            .pendingAcquireTimeout(settings.timeouts().connect())
            .maxIdleTime(IDLE)
            .build();
    boolean secure = "https".equals(settings.baseUrl().getScheme());
    var http =
        HttpClient.create(connections)
            .runOn(loop)
            .resolver(names)
            .baseUrl(settings.baseUrl().toString())
            .followRedirect(false)
            .httpResponseDecoder(spec -> spec.maxHeaderSize(MAX_HEADER_BYTES))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) settings.timeouts().connect().toMillis())
            .headers(headers -> {
              headers.set("user-agent", "askape");
              headers.set("content-type", "application/json");
              headers.set("accept", "text/event-stream, application/json");
              settings.headers().forEach(headers::set);
              settings
                  .apiKey()
                  .ifPresent(key -> headers.set("authorization", "Bearer " + key.reveal()));
            });
    http =
        secure
            ? http.protocol(HttpProtocol.H2, HttpProtocol.HTTP11).secure()
            : http.protocol(HttpProtocol.HTTP11);
    return new LoopClient(loop, http, connections);
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
