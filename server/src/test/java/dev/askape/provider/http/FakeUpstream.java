package dev.askape.provider.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server on loopback whose every byte a test decides. Each connection has a virtual
/// thread; requests of one connection come one after the other.
public final class FakeUpstream implements AutoCloseable {
  /// Answers one request. Returning keeps the connection open for the next one.
  public interface Script {
    void answer(Exchange exchange) throws IOException;
  }

  private final ServerSocket server;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Exchange> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  public FakeUpstream(Script script) {
    this(ServerSocketFactory.getDefault(), script);
  }

  /// @param factory such as one for TLS
  public FakeUpstream(ServerSocketFactory factory, Script script) {
    this.script = script;
    try {
      this.server = factory.createServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
  }

  public List<Exchange> requests() {
    return requests;
  }

  public int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var exchange = read(socket, in); exchange != null; exchange = read(socket, in)) {
        requests.add(exchange);
        script.answer(exchange);
        if (socket.isClosed()) {
          return;
        }
      }
    } catch (IOException _) {
      // the client went away
    }
  }

  private static @Nullable Exchange read(Socket socket, InputStream in) throws IOException {
    var first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Exchange(first, headers, body, socket, in);
  }

  private static String line(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }

  /// One request, and the connection to answer it on.
  public record Exchange(
      String line, Map<String, String> headers, String body, Socket socket, InputStream in) {
    public void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.UTF_8));
    }

    public void write(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    /// A whole answer with a length.
    public void reply(int status, String type, String body) throws IOException {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      write(
          "HTTP/1.1 "
              + status
              + " X\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + length
              + "\r\n\r\n"
              + body);
    }

    /// The head of a stream that lasts until the connection is closed.
    public void startStream() throws IOException {
      write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    }

    /// The head of a stream in chunks, after which the connection can be used again.
    public void startChunked() throws IOException {
      write(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    public void chunk(String text) throws IOException {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      var out = new ByteArrayOutputStream();
      out.writeBytes(
          (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(bytes);
      out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      write(out.toByteArray());
    }

    public void endChunks() throws IOException {
      write("0\r\n\r\n");
    }

    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /// Waits until the client has closed its side.
    public boolean isClosedByClient() throws IOException {
      socket.setSoTimeout(10_000);
      try {
        return in.read() < 0;
      } catch (SocketException _) {
        return true;
      }
    }
  }
}
