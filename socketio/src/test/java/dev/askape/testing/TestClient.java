package dev.askape.testing;

import dev.askape.testing.RawConnection.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
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

  private static final int BINARY = 0x82;
  private static final int CLOSE = 0x88;

  /// What [#next] gives when the connection has ended.
  public static final Object CLOSED = "<closed>";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private final String base;
  private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
  private volatile boolean answersPings = true;
  private volatile boolean closed;
  private volatile boolean polling;
  private volatile @Nullable Thread poller;
  private volatile @Nullable RawConnection webSocket;
  private String sid = "";

  private TestClient(int port, String path) {
    this.port = port;
    this.base = path + "?EIO=4&transport=";
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
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + url("polling"))).build();
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
    RawConnection opened = connect().text("2probe");
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
    opened.text("5");
    webSocket = opened;
    return meanwhile;
  }

  private RawConnection connect() {
    String target = url("websocket");
    RawConnection opened = new RawConnection(port).webSocket(target).patient();
    Thread.startVirtualThread(() -> {
      try {
        for (Frame frame = opened.frame(); frame.firstByte() != CLOSE; frame = opened.frame()) {
          take(frame.firstByte() == BINARY ? frame.payload() : frame.text());
        }
        opened.frame(CLOSE, new byte[0]);
      } catch (UncheckedIOException _) {
        // it ended without a close frame
      }
      received.add(CLOSED);
      opened.close();
    });
    return opened;
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

  /// Sends packets; over polling in one POST. Text is a packet with its type, bytes are a message.
  public void send(Object... packets) {
    RawConnection socket = webSocket;
    if (socket == null) {
      post(packets);
      return;
    }
    for (Object packet : packets) {
      try {
        if (packet instanceof byte[] bytes) {
          socket.frame(BINARY, bytes);
        } else {
          socket.text((String) packet);
        }
      } catch (UncheckedIOException _) {
        return; // the server has closed the connection, and the reader notices
      }
    }
  }

  private void post(Object... packets) {
    List<String> texts =
        java.util.Arrays.stream(packets)
            .map(p ->
                p instanceof byte[] b ? "b" + Base64.getEncoder().encodeToString(b) : (String) p)
            .toList();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + url("polling")))
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
    RawConnection socket = webSocket;
    if (socket != null) {
      socket.close();
    }
    Thread running = poller;
    if (running != null) {
      running.interrupt();
    }
    http.shutdownNow();
  }
}
