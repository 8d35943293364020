package dev.askape.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.HttpProvider;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import dev.askape.provider.http.Route;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

/// The same over TLS and HTTP/2, where many streams share a connection.
class OpenAiHttp2Test {
  private static final String HELLO =
      "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n";
  private static final String STOP =
      "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

  private static final Set<String> connections = ConcurrentHashMap.newKeySet();
  private static final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

  private static Loops loops;
  private static X509Certificate trusted;
  private static DisposableServer server;
  private static DisposableServer oldServer;

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    loops = new Loops();
    var keys = keys(folder);
    var key = (PrivateKey) keys.getKey("test", "changeit".toCharArray());
    trusted = (X509Certificate) keys.getCertificate("test");
    server = server(HttpProtocol.H2, Http2SslContextSpec.forServer(key, trusted));
    oldServer = server(HttpProtocol.HTTP11, Http11SslContextSpec.forServer(key, trusted));
  }

  private static DisposableServer server(
      HttpProtocol protocol, SslProvider.GenericSslContextSpec<?> tls) {
    return HttpServer.create()
        .host("127.0.0.1")
        .port(0)
        .runOn(loops.all().getFirst())
        .protocol(protocol)
        .secure(spec -> spec.sslContext(tls))
        .handle((request, response) -> {
          request.withConnection(stream -> connections.add(connection(stream.channel())));
          var answer =
              request.receive().aggregate().asString().flatMapMany(OpenAiHttp2Test::answer);
          return response
              .header("content-type", "text/event-stream")
              .sendString(answer, StandardCharsets.UTF_8);
        })
        .bindNow();
  }

  private static String connection(Channel channel) {
    return (channel.parent() instanceof SocketChannel socket ? socket : channel).id().asShortText();
  }

  private static Flux<String> answer(String request) {
    return request.contains("endless")
        ? Flux.just(HELLO).concatWith(Flux.never()).doOnCancel(() -> cancelled.complete(true))
        : Flux.just(HELLO, STOP);
  }

  @AfterAll
  static void stop() {
    server.disposeNow(Duration.ofSeconds(1));
    oldServer.disposeNow(Duration.ofSeconds(1));
    loops.close();
  }

  @Test
  void sharesAConnectionAmongStreams() throws Exception {
    try (var provider = provider(server, true)) {
      assertThat(Asking.ask(provider, "m", Asking.PROMPT, sink))
          .isInstanceOf(Outcome.Finished.class);
      connections.clear();
      var askings = Stream.generate(() -> Asking.start(provider, "m", sink));

      assertThat(askings.limit(20).toList())
          .allSatisfy(asking ->
              assertThat(asking.outcome().get(10, TimeUnit.SECONDS))
                  .isInstanceOf(Outcome.Finished.class));
      assertThat(sink.fragments).hasSize(21);
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void resetsTheStreamAndKeepsTheConnectionWhenCancelled() throws Exception {
    try (var provider = provider(server, true)) {
      connections.clear();
      var asking = Asking.start(provider, "endless", sink);
      assertThat(sink.first.await(10, TimeUnit.SECONDS)).isTrue();

      asking.thread().interrupt();

      assertThat(cancelled).succeedsWithin(Duration.ofSeconds(10));
      assertThat(Asking.ask(provider, "m", Asking.PROMPT, new RecordingSink()))
          .isInstanceOf(Outcome.Finished.class);
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void asksAServerThatSpeaksOnlyHttp11OnSeveralConnections() throws Exception {
    try (var provider = provider(oldServer, true)) {
      assertThat(Asking.ask(provider, "m", Asking.PROMPT, new RecordingSink()))
          .isInstanceOf(Outcome.Finished.class);
      connections.clear();
      var sinks = Stream.generate(RecordingSink::new).limit(20).toList();
      var askings = sinks.stream().map(sink -> Asking.start(provider, "endless", sink)).toList();

      for (var sink : sinks) {
        assertThat(sink.first.await(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(connections).hasSize(20);
      askings.forEach(asking -> asking.thread().interrupt());
    }
  }

  @Test
  void refusesACertificateItDoesNotTrust() throws Exception {
    try (var provider = provider(server, false)) {
      assertThat(Asking.ask(provider, "m", Asking.PROMPT, sink))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.type()).isEqualTo(ErrorType.UNAVAILABLE));
    }
  }

  private static HttpProvider provider(DisposableServer of, boolean trusting) {
    var base = URI.create("https://127.0.0.1:" + of.port() + "/v1");
    var route = trusting ? new Route(List.of(trusted), Optional.empty()) : Route.DIRECT;
    return OpenAi.provider(Asking.settings(base).withRoute(route), loops.all().subList(0, 1));
  }

  private static KeyStore keys(Path folder) throws Exception {
    var file = folder.resolve("keys.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                List.of(
                    keytool,
                    "-genkeypair",
                    "-alias",
                    "test",
                    "-keyalg",
                    "EC",
                    "-validity",
                    "2",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    "changeit"))
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
  }
}
