package dev.askape.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// A proxy on loopback in front of a MongoDB server, for faults between it and its clients. Safe
/// for any thread.
public final class MongoProxy implements AutoCloseable {
  /// Where the name of the command stands in a request: after the header, the flags, the kind of
  /// the section, the length of the document and the type of its first field.
  private static final int COMMAND_AT = 16 + 4 + 1 + 4 + 1;

  private final InetSocketAddress server;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<String> losing = new AtomicReference<>("");
  private final AtomicReference<String> cutting = new AtomicReference<>("");
  private final Set<Socket> lost = ConcurrentHashMap.newKeySet();

  private MongoProxy(InetSocketAddress server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  /// Starts one.
  ///
  /// @param uri of a server without a database, with one host
  public static MongoProxy before(String uri) {
    var target = URI.create(uri);
    try {
      return new MongoProxy(
          new InetSocketAddress(
              target.getHost(), target.getPort() < 0 ? 27_017 : target.getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String uri() {
    return "mongodb://127.0.0.1:" + listening.getLocalPort() + "/?directConnection=true";
  }

  /// The next command of this name is carried out, but its answer is lost with the connection.
  public void loseAnswerTo(String command) {
    losing.set(command);
  }

  /// The connection breaks in the middle of the next command of this name.
  public void cut(String command) {
    cutting.set(command);
  }

  /// Whether the fault that was asked for has happened.
  public boolean hasHappened() {
    return losing.get().isEmpty() && cutting.get().isEmpty();
  }

  /// Connections are reset.
  public void reset() {
    open.forEach(MongoProxy::closeHard);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var client = listening.accept();
        open.add(client);
        var upstream = new Socket();
        open.add(upstream);
        upstream.connect(server);
        Thread.startVirtualThread(() -> requests(client, upstream));
        Thread.startVirtualThread(() -> answers(upstream, client));
      } catch (IOException _) {
        // closed, or the server is away: the client's connection ends by itself
      }
    }
  }

  private void requests(Socket client, Socket upstream) {
    try (client;
        upstream) {
      var buffer = new byte[65_536];
      var in = client.getInputStream();
      var out = upstream.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        var command = command(buffer, n);
        if (isNext(cutting, command)) {
          out.write(buffer, 0, n / 2);
          closeHard(client);
          return;
        }
        if (isNext(losing, command)) {
          lost.add(upstream);
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException _) {
      // one of them is gone, so both are
    } finally {
      open.remove(client);
      open.remove(upstream);
      lost.remove(upstream);
    }
  }

  private void answers(Socket upstream, Socket client) {
    try (client;
        upstream) {
      var buffer = new byte[65_536];
      InputStream in = upstream.getInputStream();
      var out = client.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (lost.contains(upstream)) {
          closeHard(client);
          return;
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException _) {
      // one of them is gone, so both are
    }
  }

  private static boolean isNext(AtomicReference<String> asked, String command) {
    var name = asked.get();
    return !name.isEmpty() && name.equals(command) && asked.compareAndSet(name, "");
  }

  private static String command(byte[] message, int length) {
    int end = COMMAND_AT;
    while (end < length && message[end] != 0) {
      end++;
    }
    return end < length ? new String(Arrays.copyOfRange(message, COMMAND_AT, end), US_ASCII) : "";
  }

  /// With a reset instead of an end.
  private static void closeHard(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // it was closed
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      reset();
    }
  }
}
