package dev.askape.engineio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.http.Slices;
import dev.askape.testing.RawConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a client that does not read costs.
class BackPressureTest {
  private static final String URL = "/engine.io/?EIO=4&transport=websocket";
  private static final int SMALL_BUFFER = 4096;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final EventLoops loops = EventLoops.start(2);
  private final BlockingQueue<EngineSocket> sockets = new LinkedBlockingQueue<>();
  private final BlockingQueue<EndReason> ended = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> signals = new LinkedBlockingQueue<>();
  private final EngineServer engine =
      new EngineServer(
          new EngineSettings("/engine.io/", LONG, LONG, LONG, 1_000_000, 100, 100, 1_000_000, 4096),
          Listener::new);
  private final HttpServer http =
      HttpServer.start(
          HttpSettings.defaults().withAddress("127.0.0.1", 0), loops, List.of(engine.route()));

  @AfterEach
  void stop() {
    http.close();
    loops.close();
  }

  private final class Listener implements EngineListener {
    Listener(EngineSocket socket) {
      sockets.add(socket);
    }

    @Override
    public void onText(String message) {}

    @Override
    public void onBinary(byte[] message) {}

    @Override
    public void onTakesMore() {
      signals.add("takes more");
    }

    @Override
    public void onClose(EndReason reason) {
      ended.add(reason);
    }
  }

  private static List<EnginePacket> packet(byte[] text) {
    return List.of(EnginePacket.text(text, Slices.EMPTY));
  }

  private static byte[] large(char filler) {
    return ("[" + String.valueOf(filler).repeat(999_998) + "]").getBytes(StandardCharsets.UTF_8);
  }

  /// Asked on its loop, as those do who send: what was sent before has been dealt with there.
  private static boolean takesMore(EngineSocket socket) {
    return socket.loop().submit(socket::takesMore).awaitUninterruptibly().getNow();
  }

  @Test
  void aClientThatDoesNotReadCostsLittleAndMissesNothing() throws InterruptedException {
    try (var client = new RawConnection(http.port(), SMALL_BUFFER);
        var neighbour = new RawConnection(http.port())) {
      client.webSocket(URL).frame();
      EngineSocket socket = sockets.poll(10, TimeUnit.SECONDS);
      neighbour.webSocket(URL).frame();
      EngineSocket other = sockets.poll(10, TimeUnit.SECONDS);

      // one packet that does not fit anywhere, and then some that wait behind it
      socket.send(packet("x".repeat(8_000_000).getBytes(StandardCharsets.UTF_8)));
      await().until(() -> !socket.takesMore());
      socket.send(packet("behind".getBytes(StandardCharsets.UTF_8)));
      assertThat(takesMore(socket)).isFalse();
      assertThat(http.heldBytes()).isPositive().isLessThan(64 * 1024);

      other.send(packet("hello".getBytes(StandardCharsets.UTF_8)));
      assertThat(neighbour.frame().text()).isEqualTo("4hello");

      signals.clear();
      assertThat(client.frame().text()).isEqualTo("4" + "x".repeat(8_000_000));
      assertThat(client.frame().text()).isEqualTo("4behind");
      assertThat(signals.poll(10, TimeUnit.SECONDS)).isEqualTo("takes more");
      assertThat(socket.takesMore()).isTrue();
    }
  }

  @Test
  void aClientThatReadsSlowlyGetsEverythingInOrder() throws InterruptedException {
    try (var client = new RawConnection(http.port(), SMALL_BUFFER)) {
      client.webSocket(URL).frame();
      EngineSocket socket = sockets.poll(10, TimeUnit.SECONDS);
      byte[][] packets = {large('a'), large('b'), large('c')};
      Thread sender =
          Thread.startVirtualThread(() -> {
            for (byte[] packet : packets) {
              await().until(() -> takesMore(socket));
              socket.send(packet(packet));
            }
          });
      for (byte[] packet : packets) {
        assertThat(client.frame().text())
            .isEqualTo("4" + new String(packet, StandardCharsets.UTF_8));
        assertThat(http.heldBytes()).isLessThan(64 * 1024);
      }
      sender.join();
    }
  }

  @Test
  void aClientForWhichTooMuchIsQueuedIsClosed() throws InterruptedException {
    try (var client = new RawConnection(http.port(), SMALL_BUFFER)) {
      client.webSocket(URL).frame();
      EngineSocket socket = sockets.poll(10, TimeUnit.SECONDS);
      byte[] large = large('x');
      for (int i = 0; i < 100 && !socket.isClosed(); i++) {
        socket.send(packet(large));
        socket.loop().submit(() -> {}).awaitUninterruptibly();
      }
      assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(EndReason.TOO_SLOW);
    }
  }

  @Test
  void packetsOfOneTurnArriveTogether() throws InterruptedException {
    try (var client = new RawConnection(http.port())) {
      client.webSocket(URL).frame();
      EngineSocket socket = sockets.poll(10, TimeUnit.SECONDS);
      for (int i = 0; i < 1000; i++) {
        socket.send(packet(Integer.toString(i).getBytes(StandardCharsets.UTF_8)));
      }
      for (int i = 0; i < 1000; i++) {
        assertThat(client.frame().text()).isEqualTo("4" + i);
      }
    }
  }
}
