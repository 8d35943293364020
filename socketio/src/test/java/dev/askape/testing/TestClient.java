package dev.askape.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client of Engine.IO v4: packets in and out, as text or bytes, over one of three ways. It
/// answers pings unless told not to.
public final class TestClient implements AutoCloseable {
  /// How packets travel.
  public enum Way {
    POLLING,
    WEBSOCKET,
    /// Opened by polling and upgraded at once.
    UPGRADED
  }

  /// What [#next] gives when the connection has ended.
  public static final Object CLOSED = "<closed>";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
  private volatile boolean answersPings = true;
  private volatile boolean closed;
  private volatile boolean polling;
  private volatile @Nullable Thread poller;
  private @Nullable WebSocket webSocket;
  private String sid = "";

  private TestClient(int port, String path) {
    this.base = "127.0.0.1:" + port + path + "?EIO=4&transport=";
  }

  /// Opens a connection below `path` (`/socket.io/`).
  public static TestClient open(int port, String path, Way way) {
    var client = new TestClient(port, path);
    if (way == Way.WEBSOCKET) {
      client.webSocket = client.connect();
      client.sid = sidOf(client.nextText());
    } else {
      String open = client.get();
      client.sid = sidOf(open);
      client.startPolling();
      if (way == Way.UPGRADED) {
        client.upgrade();
      }
    }
    return client;
  }

  private static String sidOf(String open) {
    return open.replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
  }

  public String sid() {
    return sid;
  }

  public TestClient withoutPongs() {
    answersPings = false;
    return this;
  }

  private String url(String transport) {
    return base + transport + (sid.isEmpty() ? "" : "&sid=" + sid);
  }

  private String get() {
    try {
      var request = HttpRequest.newBuilder(URI.create("http://" + url("polling"))).build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? response.body() : "";
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private void startPolling() {
    polling = true;
    poller =
        Thread.startVirtualThread(() -> {
          while (polling) {
            String body = get();
            if (body.isEmpty()) {
              if (polling) {
                received.add(CLOSED);
              }
              return;
            }
            for (String packet : body.split("\u001e", -1)) {
              if (packet.startsWith("b")) {
                take(Base64.getDecoder().decode(packet.substring(1)));
              } else {
                take(packet);
              }
            }
          }
        });
  }

  /// Upgrades to WebSocket as the official client does. What came meanwhile by polling is given
  /// back.
  public List<Object> upgrade() {
    WebSocket opened = connect();
    opened.sendText("2probe", true).join();
    List<Object> meanwhile = new ArrayList<>();
    Object packet = next();
    while (!packet.equals("3probe")) {
      meanwhile.add(packet);
      packet = next();
    }
    polling = false;
    Thread running = poller;
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    received.drainTo(meanwhile);
    opened.sendText("5", true).join();
    webSocket = opened;
    return meanwhile;
  }

  private WebSocket connect() {
    return http.newWebSocketBuilder()
        .buildAsync(URI.create("ws://" + url("websocket")), new Listener())
        .join();
  }

  private void take(Object packet) {
    if (packet.equals("2") && answersPings) {
      send("3");
    } else if (packet.equals("1")) {
      polling = false;
      received.add(CLOSED);
    } else if (!packet.equals("6")) {
      received.add(packet);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        if (whole.equals("2") && answersPings) {
          var _ = socket.sendText("3", true);
        } else {
          take(whole);
        }
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      binary.writeBytes(part);
      if (last) {
        take(binary.toByteArray());
        binary.reset();
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      received.add(CLOSED);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      received.add(CLOSED);
    }
  }

  /// Sends packets; over polling in one POST. Text is a packet with its type, bytes are a message.
  public void send(Object... packets) {
    WebSocket socket = webSocket;
    if (socket == null) {
      post(packets);
      return;
    }
    for (Object packet : packets) {
      CompletableFuture<?> sent =
          packet instanceof byte[] bytes
              ? socket.sendBinary(ByteBuffer.wrap(bytes), true)
              : socket.sendText((String) packet, true);
      sent.exceptionally(_ -> null).join(); // the server may have closed the connection
    }
  }

  private void post(Object... packets) {
    List<String> texts =
        java.util.Arrays.stream(packets)
            .map(p ->
                p instanceof byte[] b ? "b" + Base64.getEncoder().encodeToString(b) : (String) p)
            .toList();
    var request =
        HttpRequest.newBuilder(URI.create("http://" + url("polling")))
            .POST(HttpRequest.BodyPublishers.ofString(String.join("\u001e", texts)))
            .build();
    try {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      if (!closed) {
        throw new UncheckedIOException(e);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The next packet, or [#CLOSED].
  public Object next() {
    try {
      Object next = received.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came in ten seconds");
      }
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public String nextText() {
    return (String) next();
  }

  public byte[] nextBytes() {
    return (byte[]) next();
  }

  /// Connects to a namespace and gives the socket's id.
  public String connect(String namespace) {
    String prefix = namespace.equals("/") ? "40" : "40" + namespace + ",";
    send(prefix);
    String reply = nextText();
    if (!reply.startsWith(prefix + "{\"sid\":\"")) {
      throw new IllegalStateException(reply);
    }
    return sidOf(reply);
  }

  /// Whether what came so far is nothing.
  public boolean isQuiet() {
    return received.isEmpty();
  }

  /// Breaks the connection.
  @Override
  public void close() {
    closed = true;
    polling = false;
    WebSocket socket = webSocket;
    if (socket != null) {
      socket.abort();
    }
    Thread running = poller;
    if (running != null) {
      running.interrupt();
    }
    http.shutdownNow();
  }
}
