package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.CallOptions;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.Authorities;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.Proxies;
import dev.askape.provider.http.ProxyServer;
import dev.askape.provider.http.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Private certificate authorities and proxies.
class RouteTest {
  /// Known to nobody but the proxy.
  private static final String HOST = "api.test.invalid";

  private static Loops loops;
  private static PrivateAuthority authority;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    loops = new Loops();
    authority =
        PrivateAuthority.create(folder, "ip:127.0.0.1,dns:" + HOST + ",dns:planted.key.0123456789");
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @ParameterizedTest
  @EnumSource
  void trustsAPrivateAuthority(Wire wire) throws Exception {
    try (var upstream = secure(wire)) {
      var attempt = ask(wire, secureBase(upstream, "127.0.0.1"), trusting(Optional.empty()));

      Calls.assertFinished(attempt, FinishReason.STOP);
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesNotTrustItUnasked(Wire wire) throws Exception {
    try (var upstream = secure(wire)) {
      var attempt = ask(wire, secureBase(upstream, "127.0.0.1"), Route.DIRECT);

      Calls.assertFailed(attempt, ErrorType.UNAVAILABLE, Trouble.BROKEN);
      assertThat(attempt.toString()).doesNotContain("planted");
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void stillChecksTheName() throws Exception {
    try (var upstream = secure(Wire.OPENAI)) {
      var attempt = ask(Wire.OPENAI, secureBase(upstream, "localhost"), trusting(Optional.empty()));

      Calls.assertFailed(attempt, ErrorType.UNAVAILABLE, Trouble.BROKEN);
      assertThat(attempt.toString()).doesNotContain("planted");
    }
  }

  @Test
  void mayPassWhenTheConnectionIsClosedInTheHandshake() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> closeAll(server));
      var base = URI.create("https://127.0.0.1:" + server.getLocalPort() + "/v1");

      assertThat(ask(Wire.OPENAI, base, Route.DIRECT).trouble()).isEqualTo(Trouble.PASSING);
    }
  }

  private static void closeAll(ServerSocket server) {
    try {
      while (true) {
        server.accept().close();
      }
    } catch (IOException _) {
      // closed
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesThroughTheProxyOfTheEnvironment(Wire wire) throws Exception {
    try (var upstream = secure(wire);
        var proxy = ConnectProxy.to(upstream.base())) {
      var base = secureBase(upstream, HOST);
      var proxies =
          Proxies.from(Map.of("HTTPS_PROXY", "http://me:planted-word@" + proxy.address()));

      Calls.assertFinished(ask(wire, base, trusting(proxies.to(base))), FinishReason.STOP);
      var connect = proxy.requests().getFirst();
      assertThat(connect.line()).isEqualTo("CONNECT " + base.getAuthority() + " HTTP/1.1");
      assertThat(connect.headers().get("proxy-authorization"))
          .isEqualTo("Basic " + basic("me:planted-word"));
      assertThat(connect.headers().toString()).doesNotContain("planted.key");
      assertThat(upstream.requests().getFirst().headers()).doesNotContainKey("proxy-authorization");
    }
  }

  @Test
  void goesThroughItWithoutTlsToo() throws Exception {
    try (var upstream = new FakeUpstream(exchange -> answer(exchange, Wire.OLLAMA));
        var proxy = ConnectProxy.to(upstream.base())) {
      var base = URI.create("http://" + HOST + ":" + upstream.base().getPort() + "/v1");
      var proxies = Proxies.from(Map.of("http_proxy", proxy.address()));

      Calls.assertFinished(
          ask(Wire.OLLAMA, base, new Route(List.of(), proxies.to(base))), FinishReason.STOP);
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void asksForModelsThroughItToo() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange ->
                exchange.reply(200, "application/json", "{\"data\":[{\"id\":\"a\"}]}"));
        var proxy = ConnectProxy.to(upstream.base())) {
      var base = URI.create("http://" + HOST + ":" + upstream.base().getPort() + "/v1");
      var route =
          new Route(List.of(), Proxies.from(Map.of("HTTP_PROXY", proxy.address())).to(base));
      try (var provider = Api.OPENAI.open(Asking.settings(base).withRoute(route), loops.all())) {
        assertThat(provider.listModels(Duration.ofSeconds(10))).hasSize(1);
      }
    }
  }

  @Test
  void keepsThePasswordOfAProxyThatRefuses() throws Exception {
    var words =
        "HTTP/1.1 407 no planted-word, "
            + basic("me:planted-word")
            + "\r\nContent-Length: 0\r\n\r\n";
    try (var proxy = ConnectProxy.refusing(words)) {
      var base = URI.create("https://" + HOST + "/v1");
      var route =
          trusting(
              Proxies.from(Map.of("HTTPS_PROXY", "http://me:planted-word@" + proxy.address()))
                  .to(base));
      var attempt = ask(Wire.OPENAI, base, route);

      Calls.assertFailed(attempt, ErrorType.UNAVAILABLE, Trouble.PASSING);
      assertThat(attempt.toString() + route)
          .doesNotContain("planted-word", basic("me:planted-word"));
    }
  }

  @Test
  void mayPassWhenTheProxyIsNotThere() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var base = URI.create("https://" + HOST + "/v1");
    for (var host : List.of("127.0.0.1:" + port, "no-such-proxy.invalid:1")) {
      var route = trusting(Proxies.from(Map.of("HTTPS_PROXY", host)).to(base));

      Calls.assertFailed(ask(Wire.OPENAI, base, route), ErrorType.UNAVAILABLE, Trouble.PASSING);
    }
  }

  @Test
  void readsBundles(@TempDir Path folder) throws Exception {
    var pem = Files.readString(authority.bundle());
    var twice = Files.writeString(folder.resolve("two.pem"), pem + "-- text --\r\n" + pem);
    var none = Files.writeString(folder.resolve("none.pem"), "nothing");
    var broken = Files.writeString(folder.resolve("broken.pem"), pem.replaceFirst("MII", "AAA"));

    assertThat(Authorities.read(twice)).hasSize(2);
    for (var wrong : List.of(none, broken, folder.resolve("missing.pem"))) {
      assertThatThrownBy(() -> Authorities.read(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong.toString());
    }
  }

  private static Route trusting(Optional<ProxyServer> proxy) {
    return new Route(Authorities.read(authority.bundle()), proxy);
  }

  private static Attempt ask(Wire wire, URI base, Route route) throws Exception {
    return new Calls(loops, wire).ask(Asking.settings(base).withRoute(route), CallOptions.DEFAULTS);
  }

  private static FakeUpstream secure(Wire wire) {
    return new FakeUpstream(authority.sockets(), exchange -> answer(exchange, wire));
  }

  private static void answer(FakeUpstream.Exchange exchange, Wire wire) throws IOException {
    exchange.reply(200, "text/event-stream", wire.start() + wire.text("a") + wire.end());
  }

  private static URI secureBase(FakeUpstream upstream, String host) {
    return URI.create("https://" + host + ":" + upstream.base().getPort() + "/v1");
  }

  private static String basic(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
