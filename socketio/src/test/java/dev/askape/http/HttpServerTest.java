package dev.askape.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.askape.testing.RawConnection;
import dev.askape.testing.RawConnection.Response;
import io.netty.channel.EventLoop;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
  private static final HttpSettings DEFAULTS = HttpSettings.defaults().withAddress("127.0.0.1", 0);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final EventLoops loops = EventLoops.start(2);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final BlockingQueue<HttpStream> streams = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    loops.close();
  }

  private HttpServer start(HttpSettings settings) {
    return start(settings, loops);
  }

  private HttpServer start(HttpSettings settings, EventLoops on) {
    HttpServer server =
        HttpServer.start(
            settings,
            on,
            List.of(
                HttpRoute.exact(
                    "/echo",
                    e ->
                        e.reply(
                            new HttpReply(
                                200,
                                Map.of("X-Method", e.method(), "X-Q", e.query("q").orElse("-")),
                                e.body()))),
                HttpRoute.prefix("/below/", e -> e.reply(HttpReply.text(200, e.path()))),
                HttpRoute.exact(
                    "/fail",
                    _ -> {
                      throw new IllegalStateException("on purpose");
                    }),
                HttpRoute.exact(
                    "/later",
                    e -> Thread.startVirtualThread(() -> e.reply(HttpReply.text(200, "later")))),
                HttpRoute.exact(
                    "/move",
                    e -> {
                      int from = on.loops().indexOf(e.loop());
                      EventLoop to = on.loops().get((from + 1) % on.loops().size());
                      e.moveTo(
                          to,
                          () ->
                              e.reply(
                                  HttpReply.text(
                                      200, to.inEventLoop() + " " + e.loop().equals(to))));
                    }),
                HttpRoute.exact("/stream", e -> streams.add(e.stream(200, Map.of("X-A", "b")))),
                HttpRoute.exact(
                    "/huge", e -> e.reply(new HttpReply(200, Map.of(), new byte[20_000_000]))),
                HttpRoute.exact("/big", e -> e.reply(new HttpReply(200, Map.of(), big())))));
    opened.add(server);
    return server;
  }

  private static byte[] big() {
    byte[] big = new byte[3_000_000];
    for (int i = 0; i < big.length; i++) {
      big[i] = (byte) (i * 31);
    }
    return big;
  }

  private RawConnection open(HttpServer server) {
    var connection = new RawConnection(server.port());
    opened.add(connection);
    return connection;
  }

  private Response request(HttpServer server, String headers) {
    return open(server).send("GET /echo HTTP/1.1\r\n" + headers + "\r\n").response();
  }

  @Test
  void answersRequestsOfItsRoutesOnOneConnection() {
    RawConnection connection = open(start(DEFAULTS));
    assertThat(connection.get("/echo?q=a%20b").headers()).containsEntry("X-Q", "a b");
    assertThat(connection.get("/below").text()).isEqualTo("/below");
    assertThat(connection.get("/below/x/y").text()).isEqualTo("/below/x/y");
    assertThat(connection.get("/belowx").status()).isEqualTo(404);
    assertThat(connection.get("/nothing").status()).isEqualTo(404);
    assertThat(connection.get("/fail").status()).isEqualTo(500);
    assertThat(connection.get("/later").text()).isEqualTo("later");
    connection.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nab");
    connection.send("c");
    assertThat(connection.response().text()).isEqualTo("abc");
    connection.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    connection.send("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    assertThat(connection.response().text()).isEqualTo("abc");
    connection.send("HEAD /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(connection.head()).startsWith("HTTP/1.1 200");
    assertThat(connection.get("/echo").status()).isEqualTo(200);
  }

  @Test
  void answersRequestsThatWereSentAheadInTheirOrder() {
    RawConnection connection = open(start(DEFAULTS));
    int count = 3_000;
    var requests = new StringBuilder("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (int i = 0; i < count; i++) {
      requests.append("GET /below/").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    Thread.startVirtualThread(() -> connection.send(requests.toString()));
    assertThat(connection.response().text()).isEqualTo("later");
    for (int i = 0; i < count; i++) {
      assertThat(connection.response().text()).isEqualTo("/below/" + i);
    }
  }

  @Test
  void closesWhenAskedTo() {
    RawConnection connection = open(start(DEFAULTS));
    connection.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(connection.response().status()).isEqualTo(200);
    assertThat(connection.endsCleanly()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /echo HTTP/1.1\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n"
      })
  void answers400ToWhatIsNoRequest(String request) {
    RawConnection connection = open(start(DEFAULTS)).send(request);
    assertThat(connection.response().status()).isEqualTo(400);
  }

  @Test
  void endsAHeaderThatIsTooLong() {
    RawConnection connection = open(start(DEFAULTS));
    connection.send(
        "GET /echo HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
    assertThat(connection.response().status()).isEqualTo(400);
  }

  @Test
  void answers413ToABodyThatIsTooLarge() {
    HttpServer server = start(DEFAULTS.withMaxBody(1000));
    RawConnection announced = open(server);
    announced.send(
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n"
            + "x".repeat(1001));
    assertThat(announced.response().status()).isEqualTo(413);
    assertThat(announced.endsCleanly()).isTrue();

    RawConnection chunked = open(server);
    chunked.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    chunked.send("3e9\r\n" + "x".repeat(1001) + "\r\n");
    assertThat(chunked.response().status()).isEqualTo(413);

    RawConnection fits = open(server);
    fits.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
    fits.send("x".repeat(1000));
    assertThat(fits.response().body()).hasSize(1000);
  }

  @Test
  void asksForABodyThatWaits() {
    RawConnection connection = open(start(DEFAULTS));
    connection.send(
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
    assertThat(connection.head()).startsWith("HTTP/1.1 100 ");
    assertThat(connection.send("x").response().text()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost,200",
    "LOCALHOST:80,200",
    "127.0.0.1:3001,200",
    "[::1]:3001,200",
    "a.localhost,200",
    "127.9.9.9,200",
    "chat.example.org,200",
    "Chat.Example.Org:443,200",
    "evil.example,403",
    "127.0.0.1.evil.example,403",
    "localhost.evil.example,403",
    "10.0.0.1,403",
    "[::2],403"
  })
  void knowsTheNamesItMayBeCalledBy(String host, int status) {
    HttpServer server =
        start(
            DEFAULTS.withPolicies(
                OriginPolicy.loopback(), HostPolicy.of(List.of("chat.example.org"))));
    assertThat(request(server, "Host: " + host + "\r\n").status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:5173,200",
    "https://127.0.0.1,200",
    "http://[::1]:1,200",
    "https://chat.example.org,200",
    "https://CHAT.example.org:443,200",
    "http://own.example:3001,200",
    "https://chat.example.org:8443,403",
    "http://chat.example.org,403",
    "http://evil.example,403",
    "http://localhost.evil.example,403",
    "null,403",
    "file://,403",
    "http://own.example,403"
  })
  void knowsThePagesThatMayCall(String origin, int status) {
    HttpServer server =
        start(
            DEFAULTS.withPolicies(
                OriginPolicy.of(List.of("https://chat.example.org")),
                HostPolicy.of(List.of("own.example"))));
    Response response = request(server, "Host: own.example:3001\r\nOrigin: " + origin + "\r\n");
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers()).containsEntry("Vary", "Origin");
    if (status == 200) {
      assertThat(response.headers())
          .containsEntry("Access-Control-Allow-Origin", origin)
          .containsEntry("Access-Control-Allow-Credentials", "true");
    } else {
      assertThat(response.headers()).doesNotContainKey("Access-Control-Allow-Origin");
    }
  }

  @Test
  void answersPreflightsAndTellsOriginsOfErrorsToo() {
    RawConnection connection = open(start(DEFAULTS));
    String origin = "Host: localhost\r\nOrigin: http://localhost:5173\r\n";
    connection.send(
        "OPTIONS /echo HTTP/1.1\r\n" + origin + "Access-Control-Request-Method: POST\r\n\r\n");
    Response preflight = connection.response();
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.headers().get("Access-Control-Allow-Methods")).contains("POST");
    assertThat(preflight.headers().get("Access-Control-Allow-Headers")).contains("Authorization");
    connection.send("GET /nothing HTTP/1.1\r\n" + origin + "\r\n");
    Response missing = connection.response();
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.headers()).containsKey("Access-Control-Allow-Origin");
  }

  @Test
  void refusesConnectionsBeyondItsLimit() {
    HttpServer server =
        start(DEFAULTS.withMaxConnections(2, 1)); // loopback has no limit of its own
    RawConnection first = open(server);
    assertThat(first.get("/echo").status()).isEqualTo(200);
    assertThat(open(server).get("/echo").status()).isEqualTo(200);
    assertThat(open(server).response().status()).isEqualTo(503);
    first.close();
    await().until(() -> server.connections() == 1);
    assertThat(open(server).get("/echo").status()).isEqualTo(200);
  }

  @Test
  void countsConnectionsOfEachAddress() throws Exception {
    var counts = new ConnectionCounts(10, 1);
    var here = java.net.InetAddress.ofLiteral("192.0.2.1");
    var there = java.net.InetAddress.ofLiteral("192.0.2.2");
    assertThat(counts.add(here)).isTrue();
    assertThat(counts.add(here)).isFalse();
    assertThat(counts.add(there)).isTrue();
    counts.remove(here);
    counts.remove(here);
    assertThat(counts.add(here)).isTrue();
    assertThat(counts.all()).isEqualTo(2);
  }

  @Test
  void closesConnectionsThatKeepItWaiting() {
    HttpServer header = start(DEFAULTS.withTimeouts(SHORT, LONG, LONG));
    assertThat(open(header).send("GET /echo HT").endsCleanly()).isTrue();
    HttpServer body = start(DEFAULTS.withTimeouts(LONG, SHORT, LONG));
    assertThat(
            open(body)
                .send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx")
                .endsCleanly())
        .isTrue();
    HttpServer idle = start(DEFAULTS.withTimeouts(LONG, LONG, SHORT));
    RawConnection connection = open(idle);
    assertThat(connection.get("/echo").status()).isEqualTo(200);
    assertThat(connection.endsCleanly()).isTrue();
    HttpServer reader = start(DEFAULTS.withTimeouts(LONG, SHORT, LONG));
    var stalled = new RawConnection(reader.port(), 4096);
    opened.add(stalled);
    stalled.send("GET /huge HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await().until(() -> reader.connections() == 0);
  }

  @Test
  void streamsAnAnswer() throws InterruptedException {
    RawConnection connection = open(start(DEFAULTS));
    connection.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    HttpStream stream = streams.take();
    assertThat(connection.head()).contains("transfer-encoding: chunked", "X-A: b");
    stream.write("one".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(connection.read(8), StandardCharsets.UTF_8)).isEqualTo("3\r\none\r\n");
    stream.end();
    assertThat(new String(connection.read(5), StandardCharsets.UTF_8)).isEqualTo("0\r\n\r\n");
    assertThat(stream.isOpen()).isFalse();
    assertThat(connection.get("/echo").status()).isEqualTo(200);
  }

  @Test
  void breaksAStreamOff() throws InterruptedException {
    RawConnection connection = open(start(DEFAULTS));
    connection.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    HttpStream stream = streams.take();
    connection.head();
    stream.reset();
    assertThat(connection.endsCleanly()).isFalse();
  }

  @Test
  void tellsAStreamWhenItsReaderLeaves() throws InterruptedException {
    RawConnection connection = open(start(DEFAULTS));
    connection.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    HttpStream stream = streams.take();
    var gone = new CountDownLatch(1);
    stream.onClose(gone::countDown);
    connection.close();
    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(stream.isOpen()).isFalse();
  }

  @Test
  void cutsOffAStreamThatNobodyReads() throws InterruptedException {
    RawConnection connection = open(start(DEFAULTS));
    connection.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    HttpStream stream = streams.take();
    byte[] chunk = new byte[100_000];
    for (int i = 0; i < 1000 && stream.isOpen(); i++) {
      stream.write(chunk);
    }
    await().until(() -> !stream.isOpen());
  }

  @Test
  void holdsLittleForAReaderThatStalls() {
    HttpServer server = start(DEFAULTS);
    var connection = new RawConnection(server.port(), 4096);
    opened.add(connection);
    connection.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await().until(() -> server.heldBytes() > 0);
    assertThat(server.heldBytes()).isLessThan(64 * 1024);
    assertThat(connection.response().body()).isEqualTo(big());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void movesAConnectionBetweenLoops(boolean epoll) {
    EventLoops two = EventLoops.start(2, epoll);
    opened.add(two);
    HttpServer server = start(DEFAULTS, two);
    RawConnection connection = open(server);
    for (int i = 0; i < 20; i++) {
      assertThat(connection.get("/move").text()).isEqualTo("true true");
      assertThat(connection.get("/below/" + i).text()).isEqualTo("/below/" + i);
    }
    connection.send("GET /move HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20));
    for (int i = 0; i < 20; i++) {
      assertThat(connection.response().text()).isEqualTo("true true");
    }
    connection.close();
    await().until(() -> server.connections() == 0);
  }

  @Test
  void saysThatAPortIsInUse() {
    HttpServer server = start(DEFAULTS);
    assertThatThrownBy(() -> start(DEFAULTS.withAddress("127.0.0.1", server.port())))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("127.0.0.1:" + server.port() + " is already in use");
  }

  @Test
  void stopsAcceptingAndServesOn() {
    HttpServer server = start(DEFAULTS);
    RawConnection connection = open(server);
    assertThat(connection.get("/echo").status()).isEqualTo(200);
    server.stopAccepting();
    assertThat(connection.get("/echo").status()).isEqualTo(200);
    assertThatThrownBy(() -> new RawConnection(server.port()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void runsWithoutEpoll() {
    EventLoops nio = EventLoops.start(1, false);
    opened.add(nio);
    HttpServer server = start(DEFAULTS, nio);
    assertThat(open(server).get("/big").body()).isEqualTo(big());
  }
}
