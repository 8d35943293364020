package dev.askape.engineio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.http.Slices;
import dev.askape.testing.RawConnection;
import dev.askape.testing.RawConnection.Frame;
import dev.askape.testing.RawConnection.Response;
import dev.askape.testing.TestClient;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Engine.IO v4, spoken by hand.
class EngineTest {
  private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
  private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
  private static final int MAX_PAYLOAD = 100_000;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(40);

  private final EventLoops loops = EventLoops.start(2);
  private final BlockingQueue<EndReason> ended = new LinkedBlockingQueue<>();
  private final BlockingQueue<EngineSocket> sockets = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private EngineServer engine = server(LONG, LONG, LONG, 100);
  private HttpServer http = listen();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    loops.close();
  }

  private EngineServer server(Duration ping, Duration pong, Duration upgrade, int maxSockets) {
    var settings =
        new EngineSettings(
            "/engine.io/", ping, pong, upgrade, MAX_PAYLOAD, maxSockets, 1, 1_000_000, 100);
    return new EngineServer(settings, Echo::new);
  }

  private HttpServer listen() {
    HttpServer server =
        HttpServer.start(
            HttpSettings.defaults().withAddress("127.0.0.1", 0), loops, List.of(engine.route()));
    opened.add(server);
    return server;
  }

  private void restart(EngineServer other) {
    engine = other;
    http = listen();
  }

  private final class Echo implements EngineListener {
    private final EngineSocket socket;

    Echo(EngineSocket socket) {
      this.socket = socket;
      sockets.add(socket);
    }

    @Override
    public void onText(String message) {
      if (message.equals("malformed")) {
        throw new MalformedPacketException("on purpose");
      }
      if (message.equals("bug")) {
        throw new IllegalStateException("on purpose");
      }
      socket.send(text(message));
    }

    @Override
    public void onBinary(byte[] message) {
      socket.send(List.of(EnginePacket.binary(message)));
    }

    @Override
    public void onTakesMore() {}

    @Override
    public void onClose(EndReason reason) {
      ended.add(reason);
    }
  }

  private static List<EnginePacket> text(String message) {
    return List.of(EnginePacket.text(message.getBytes(StandardCharsets.UTF_8), Slices.EMPTY));
  }

  private RawConnection raw() {
    var connection = new RawConnection(http.port());
    opened.add(connection);
    return connection;
  }

  private String handshake() {
    return raw().get(POLLING).text().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
  }

  private static String post(String sid, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "POST "
        + POLLING
        + "&sid="
        + sid
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + length
        + "\r\n\r\n"
        + body;
  }

  private EndReason reason() throws InterruptedException {
    EndReason reason = ended.poll(10, TimeUnit.SECONDS);
    assertThat(reason).isNotNull();
    return reason;
  }

  /// Sends a GET that waits, and makes sure that it does.
  private RawConnection waitingPoll(String sid) {
    RawConnection poll = raw();
    poll.send("GET " + POLLING + "&sid=" + sid + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EngineSocket socket = sockets.peek();
    await().until(socket::takesMore);
    return poll;
  }

  @Test
  void opensASession() {
    assertThat(raw().get(POLLING).text())
        .matches(
            "0\\{\"sid\":\"[\\w-]{24}\",\"upgrades\":\\[\"websocket\"],"
                + "\"pingInterval\":60000,\"pingTimeout\":60000,\"maxPayload\":100000}");
    assertThat(raw().webSocket(WEBSOCKET).frame().text()).contains("\"upgrades\":[]");
    assertThat(raw().get(POLLING.replace("io/", "io")).status()).isEqualTo(200);
    assertThat(engine.connections()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,?EIO=4,0",
    "GET,?EIO=4&transport=flash,0",
    "GET,?transport=polling,5",
    "GET,?EIO=3&transport=polling,5",
    "POST,?EIO=4&transport=polling,2",
    "PUT,?EIO=4&transport=polling,2",
    "GET,?EIO=4&transport=websocket,3",
    "GET,?EIO=4&transport=polling&sid=nobody,1",
    "GET,?EIO=4&transport=polling&sid=%00,1"
  })
  void answersWhatIsNoRequestOfItWithCodeAndCors(String method, String query, int code) {
    Response response =
        raw()
            .send(
                method
                    + " /engine.io/"
                    + query
                    + " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:5173\r\n\r\n")
            .response();
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.text()).startsWith("{\"code\":" + code + ",\"message\":\"");
    assertThat(response.headers())
        .containsEntry("Access-Control-Allow-Origin", "http://localhost:5173");
  }

  @Test
  void refusesAPageOfAnotherOriginOnBothTransports() {
    String evil = " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n";
    assertThat(raw().send("GET " + POLLING + evil + "\r\n").response().status()).isEqualTo(403);
    assertThat(
            raw()
                .send(
                    "GET "
                        + WEBSOCKET
                        + evil
                        + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .response()
                .status())
        .isEqualTo(403);
    assertThat(engine.connections()).isZero();
  }

  @Test
  void refusesMoreSocketsThanItMayHave() {
    restart(server(LONG, LONG, LONG, 1));
    handshake();
    assertThat(raw().get(POLLING).status()).isEqualTo(503);
  }

  @Test
  void carriesSeveralPacketsInOneBody() {
    String sid = handshake();
    RawConnection connection = raw();
    assertThat(connection.send(post(sid, "4a\u001ebAQ\r\nID\n\u001e4é")).response().text())
        .isEqualTo("ok");
    Response poll = connection.get(POLLING + "&sid=" + sid);
    assertThat(poll.text()).isEqualTo("4a\u001ebAQID\u001e4é");
    assertThat(poll.headers()).containsEntry("Content-Type", "text/plain; charset=UTF-8");
  }

  @Test
  void closesAWebSocketWhoseRequestIsNotFit() {
    Response response =
        raw()
            .send(
                "GET "
                    + WEBSOCKET
                    + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n")
            .response();
    assertThat(response.status()).isEqualTo(426);
    assertThat(response.headers()).containsEntry("Sec-WebSocket-Version", "13");
    await().until(() -> engine.connections() == 0);
  }

  @Test
  void endsTheSessionAtASecondPoll() throws InterruptedException {
    String sid = handshake();
    RawConnection first = waitingPoll(sid);
    assertThat(raw().get(POLLING + "&sid=" + sid).status()).isEqualTo(400);
    assertThat(first.response().text()).isEqualTo("1");
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_ERROR);
    assertThat(raw().get(POLLING + "&sid=" + sid).status()).isEqualTo(400);
  }

  @Test
  void endsTheSessionAtASecondPost() throws InterruptedException {
    String sid = handshake();
    String whole = post(sid, "4hello");
    RawConnection first = raw().send(whole.substring(0, whole.length() - 3));
    RawConnection second = raw();
    await()
        .until(() -> {
          // until the first is known to have begun, a second is taken like any other
          return second.send(post(sid, "6")).response().status() == 400;
        });
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_ERROR);
    first.send(whole.substring(whole.length() - 3));
    assertThat(first.response().status()).isEqualTo(400);
  }

  @Test
  void endsTheSessionWhenAPollOrAPostBreaksOff() throws InterruptedException {
    waitingPoll(handshake()).close();
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_ERROR);
    String whole = post(handshake(), "4hello");
    RawConnection broken = raw().send(whole.substring(0, whole.length() - 3));
    await().until(() -> http.connections() > 1);
    broken.close();
    // it may have broken off before anybody heard of it, and then nothing is lost
    await().until(() -> engine.connections() <= 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "4a\u001e", "\u001e4a", "b===", "b*", "2", "4malformed"})
  void endsTheSessionThatPostsWhatIsNoPacket(String body) throws InterruptedException {
    String sid = handshake();
    assertThat(raw().send(post(sid, body)).response().status()).isEqualTo(400);
    assertThat(reason()).isEqualTo(EndReason.PARSE_ERROR);
    assertThat(raw().get(POLLING + "&sid=" + sid).status()).isEqualTo(400);
  }

  @Test
  void endsTheSessionThatSendsWhatIsNotUtf8() throws InterruptedException {
    String sid = handshake();
    RawConnection connection = raw();
    connection.send(
        "POST "
            + POLLING
            + "&sid="
            + sid
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n");
    assertThat(connection.send(new byte[] {'4', (byte) 0xc3, '('}).response().status())
        .isEqualTo(400);
    assertThat(reason()).isEqualTo(EndReason.PARSE_ERROR);
    RawConnection socket = raw().webSocket(WEBSOCKET);
    socket.frame();
    socket.frame(0x81, new byte[] {'4', (byte) 0xed, (byte) 0xa0, (byte) 0x80});
    assertThat(socket.frame().closeCode()).isEqualTo(1002);
    assertThat(reason()).isEqualTo(EndReason.PARSE_ERROR);
  }

  @Test
  void endsOnlyTheConnectionWhoseListenerFails() throws InterruptedException {
    String other = handshake();
    RawConnection socket = raw().webSocket(WEBSOCKET);
    socket.frame();
    assertThat(socket.text("4bug").endsCleanly()).isTrue();
    assertThat(reason()).isEqualTo(EndReason.FORCED_CLOSE);
    assertThat(raw().send(post(other, "4a")).response().text()).isEqualTo("ok");
  }

  @Test
  void takesNoMoreThanTheAnnouncedPayload() throws InterruptedException {
    String sid = handshake();
    String fits = "4" + "x".repeat(MAX_PAYLOAD - 1);
    assertThat(raw().send(post(sid, fits)).response().text()).isEqualTo("ok");
    assertThat(raw().send(post(sid, fits + "x")).response().status()).isEqualTo(413);
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_ERROR);

    RawConnection socket = raw().webSocket(WEBSOCKET);
    socket.frame();
    assertThat(socket.text(fits).frame().payload()).hasSize(MAX_PAYLOAD);
    socket.text(fits + "x");
    assertThat(socket.frame().closeCode()).isEqualTo(1009);
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_ERROR);
  }

  @Test
  void putsFragmentsTogetherUpToThePayload() {
    RawConnection socket = raw().webSocket(WEBSOCKET);
    socket.frame();
    socket.frame(0x01, "4he".getBytes(StandardCharsets.UTF_8));
    socket.frame(0x89, "ping".getBytes(StandardCharsets.UTF_8)); // may come in between
    assertThat(socket.frame())
        .extracting(Frame::firstByte, Frame::text)
        .containsExactly(0x8a, "ping");
    socket.frame(0x00, new byte[0]);
    socket.frame(0x80, "llo".getBytes(StandardCharsets.UTF_8));
    assertThat(socket.frame().text()).isEqualTo("4hello");
    socket.frame(0x02, new byte[60_000]);
    socket.frame(0x80, new byte[60_000]);
    assertThat(socket.frame().closeCode()).isEqualTo(1009);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xc1, 0x83, 0x8b, 0x09})
  void closesAWebSocketThatBreaksItsRules(int firstByte) throws InterruptedException {
    RawConnection socket = raw().webSocket(WEBSOCKET);
    socket.frame();
    socket.frame(firstByte, new byte[] {'4'});
    assertThat(socket.frame().firstByte()).isEqualTo(0x88);
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_ERROR);
  }

  @Test
  void closesAWebSocketThatDoesNotMask() {
    RawConnection socket = raw().webSocket(WEBSOCKET);
    socket.frame();
    socket.send(new byte[] {(byte) 0x81, 2, '4', 'a'});
    assertThat(socket.frame().closeCode()).isEqualTo(1002);
  }

  @Test
  void answersAWebSocketThatCloses() throws InterruptedException {
    RawConnection socket = raw().webSocket(WEBSOCKET);
    socket.frame();
    socket.frame(0x88, new byte[] {0x03, (byte) 0xe8});
    assertThat(socket.frame().closeCode()).isEqualTo(1000);
    assertThat(socket.endsCleanly()).isTrue();
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_CLOSE);
  }

  @Test
  void endsThePollOfAClientThatGoesWithANoop() throws InterruptedException {
    String sid = handshake();
    RawConnection poll = waitingPoll(sid);
    assertThat(raw().send(post(sid, "1")).response().text()).isEqualTo("ok");
    assertThat(poll.response().text()).isEqualTo("6");
    assertThat(reason()).isEqualTo(EndReason.TRANSPORT_CLOSE);
    assertThat(raw().get(POLLING + "&sid=" + sid).status()).isEqualTo(400);
  }

  @Test
  void endsThePollOfAClientThatGoesEvenWhenItComesLate() {
    String sid = handshake();
    assertThat(raw().send(post(sid, "1")).response().text()).isEqualTo("ok");
    assertThat(raw().get(POLLING + "&sid=" + sid).text()).isEqualTo("6");
    assertThat(raw().get(POLLING + "&sid=" + sid).status()).isEqualTo(400);
    assertThat(engine.connections()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TestClient.Way.class)
  void pingsAndIsContentWithPongs(TestClient.Way way) {
    restart(server(SHORT, LONG, LONG, 100));
    try (TestClient client = TestClient.open(http.port(), "/engine.io/", way).withoutPongs()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.next()).isEqualTo("2");
        client.send("3");
      }
      client.send("4alive");
      Object next = client.next();
      while (next.equals("2")) {
        client.send("3");
        next = client.next();
      }
      assertThat(next).isEqualTo("4alive");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POLLING", "WEBSOCKET"})
  void endsAClientThatDoesNotAnswerPings(TestClient.Way way) throws InterruptedException {
    restart(server(SHORT, SHORT, LONG, 100));
    try (TestClient client = TestClient.open(http.port(), "/engine.io/", way).withoutPongs()) {
      assertThat(client.next()).isEqualTo("2");
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      assertThat(reason()).isEqualTo(EndReason.PING_TIMEOUT);
    }
  }

  @Test
  void upgradesAndLeavesThePollsBehind() {
    String sid = handshake();
    RawConnection poll = waitingPoll(sid);
    RawConnection socket = raw().webSocket(WEBSOCKET + "&sid=" + sid);
    sockets.peek().send(text("by poll")); // polling goes on meanwhile
    assertThat(poll.response().text()).isEqualTo("4by poll");
    assertThat(socket.text("2probe").frame().text()).isEqualTo("3probe");
    assertThat(poll.get(POLLING + "&sid=" + sid).text()).isEqualTo("6");
    sockets.peek().send(text("by socket"));
    assertThat(socket.text("5").frame().text()).isEqualTo("4by socket");
    assertThat(poll.get(POLLING + "&sid=" + sid).status()).isEqualTo(400);
    assertThat(poll.send(post(sid, "4a")).response().status()).isEqualTo(400);
    assertThat(socket.text("4b").frame().text()).isEqualTo("4b");
  }

  @Test
  void closesAWebSocketThatIsOneTooMany() {
    String sid = handshake();
    RawConnection socket = raw().webSocket(WEBSOCKET + "&sid=" + sid);
    assertThat(raw().webSocket(WEBSOCKET + "&sid=" + sid).frame().firstByte()).isEqualTo(0x88);
    assertThat(socket.text("2probe").frame().text()).isEqualTo("3probe");
    socket.text("5").text("4a");
    assertThat(socket.frame().text()).isEqualTo("4a");
    assertThat(raw().webSocket(WEBSOCKET + "&sid=" + sid).frame().firstByte()).isEqualTo(0x88);
    assertThat(socket.text("4b").frame().text()).isEqualTo("4b");
  }

  @Test
  void goesOnByPollingWhenAnUpgradeFails() {
    String sid = handshake();
    RawConnection wrong = raw().webSocket(WEBSOCKET + "&sid=" + sid).text("4a");
    assertThat(wrong.frame().firstByte()).isEqualTo(0x88);
    RawConnection hasty = raw().webSocket(WEBSOCKET + "&sid=" + sid).text("5");
    assertThat(hasty.frame().firstByte()).isEqualTo(0x88);
    RawConnection left = raw().webSocket(WEBSOCKET + "&sid=" + sid);
    assertThat(left.text("2probe").frame().text()).isEqualTo("3probe");
    left.close();
    RawConnection connection = raw();
    assertThat(connection.send(post(sid, "4a")).response().text()).isEqualTo("ok");
    assertThat(connection.get(POLLING + "&sid=" + sid).text()).isEqualTo("4a");
  }

  @Test
  void givesUpAnUpgradeThatTakesTooLong() {
    restart(server(LONG, LONG, SHORT, 100));
    String sid = handshake();
    RawConnection socket = raw().webSocket(WEBSOCKET + "&sid=" + sid);
    assertThat(socket.frame().firstByte()).isEqualTo(0x88);
    assertThat(raw().send(post(sid, "4a")).response().text()).isEqualTo("ok");
  }

  @Test
  void losesNothingInUpgrades() {
    int events = 90;
    for (int round = 0; round < 20; round++) {
      sockets.clear();
      try (TestClient client =
          TestClient.open(http.port(), "/engine.io/", TestClient.Way.POLLING)) {
        EngineSocket socket = sockets.remove();
        var next = new AtomicInteger();
        Future<?> sending =
            socket
                .loop()
                .scheduleAtFixedRate(
                    () -> {
                      if (next.get() < events) {
                        socket.send(text(Integer.toString(next.getAndIncrement())));
                      }
                    },
                    0,
                    100,
                    TimeUnit.MICROSECONDS);
        List<Object> heard = new ArrayList<>(client.upgrade());
        while (heard.size() < events) {
          heard.add(client.next());
        }
        sending.cancel(false);
        assertThat(heard).isEqualTo(IntStream.range(0, events).mapToObj(i -> "4" + i).toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestClient.Way.class)
  void endsEveryConnectionWhenItCloses(TestClient.Way way) throws InterruptedException {
    try (TestClient client = TestClient.open(http.port(), "/engine.io/", way)) {
      sockets.peek().send(text("last"));
      engine.close();
      assertThat(client.next()).isEqualTo("4last");
      assertThat(client.next()).isEqualTo(TestClient.CLOSED);
      assertThat(reason()).isEqualTo(EndReason.SERVER_SHUTTING_DOWN);
      assertThat(raw().get(POLLING).status()).isEqualTo(503);
      await().until(() -> engine.connections() == 0);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void survivesGarbage(long seed) {
    var random = new Random(seed);
    RawConnection witness = raw().webSocket(WEBSOCKET);
    witness.frame();
    for (int i = 0; i < 40; i++) {
      byte[] garbage = new byte[random.nextInt(1, 3_000)];
      random.nextBytes(garbage);
      try (var connection = new RawConnection(http.port())) {
        if (random.nextBoolean()) {
          connection.webSocket(WEBSOCKET);
        } else if (random.nextBoolean()) {
          connection.send("POST " + POLLING + " HTTP/1.1\r\nHost: localhost\r\n");
        }
        connection.send(garbage);
      } catch (UncheckedIOException _) {
        // it may be closed while it writes
      }
    }
    assertThat(witness.text("4alive").frame().text()).isEqualTo("4alive");
    witness.close();
    await().until(() -> engine.connections() == 0 && http.connections() == 0);
  }

  @Test
  void aClientInTheMidstOfAnUpgradeHearsThatItCloses() throws InterruptedException {
    String sid = handshake();
    RawConnection socket = raw().webSocket(WEBSOCKET + "&sid=" + sid);
    assertThat(socket.text("2probe").frame().text()).isEqualTo("3probe");
    // from here on the official client does not poll, and hears nothing but its WebSocket
    sockets.remove().send(text("last"));
    Thread closing = Thread.startVirtualThread(engine::close);
    assertThat(socket.text("5").frame().text()).isEqualTo("4last");
    assertThat(socket.endsCleanly()).isTrue();
    assertThat(reason()).isEqualTo(EndReason.SERVER_SHUTTING_DOWN);
    closing.join();
  }

  @Test
  void aClientThatNeverCompletesItsUpgradeDoesNotHoldUpTheEnd() throws InterruptedException {
    String sid = handshake();
    RawConnection socket = raw().webSocket(WEBSOCKET + "&sid=" + sid);
    assertThat(socket.text("2probe").frame().text()).isEqualTo("3probe");
    engine.close();
    assertThat(reason()).isEqualTo(EndReason.SERVER_SHUTTING_DOWN);
    assertThat(socket.frame().firstByte()).isEqualTo(0x88);
  }

  @Test
  void endsAPollingClientThatLeavesTooMuchUnread() throws InterruptedException {
    handshake();
    EngineSocket socket = sockets.peek();
    socket.send(text("x".repeat(3_000_000))); // one packet may be of any size
    for (int i = 0; i < 100; i++) {
      socket.send(text("y"));
    }
    socket.loop().submit(() -> {}).awaitUninterruptibly();
    assertThat(socket.isClosed()).isFalse();
    socket.send(text("one too many"));
    assertThat(reason()).isEqualTo(EndReason.TOO_SLOW);
  }
}
