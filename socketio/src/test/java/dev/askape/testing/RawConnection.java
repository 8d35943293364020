package dev.askape.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A TCP connection on which a test writes and reads bytes as it likes. Reads wait ten seconds at
/// most.
public final class RawConnection implements AutoCloseable {
  private final Socket socket;

  public RawConnection(int port) {
    this(port, 0);
  }

  /// With a receive buffer of this size, so that a reader that stalls is felt soon.
  public RawConnection(int port, int receiveBuffer) {
    try {
      socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setSoTimeout(10_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From now on reads wait for as long as it takes.
  public RawConnection patient() {
    try {
      socket.setSoTimeout(0);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RawConnection send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  public RawConnection send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An answer to an HTTP request.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Response(int status, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /// Sends a GET with the usual `Host` and reads the answer.
  public Response get(String target) {
    send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return response();
  }

  public Response response() {
    List<String> lines = head().lines().toList();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : lines.subList(1, lines.size() - 1)) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon), line.substring(colon + 1).strip(), (x, y) -> x + ", " + y);
    }
    int status = Integer.parseInt(lines.getFirst().substring(9, 12));
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Response(status, headers, read(length));
  }

  /// Everything up to the empty line that ends an HTTP header.
  public String head() {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) read(1)[0]);
    }
    return head.toString();
  }

  public byte[] read(int bytes) {
    try {
      InputStream in = socket.getInputStream();
      byte[] read = in.readNBytes(bytes);
      if (read.length < bytes) {
        throw new IOException("connection closed");
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads to the end. True when it came without a reset.
  public boolean endsCleanly() {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      throw new UncheckedIOException(e);
    } catch (IOException _) {
      return false;
    }
  }

  /// Sends a masked WebSocket frame.
  public RawConnection frame(int firstByte, byte[] payload) {
    int size = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(size + 14).put((byte) firstByte);
    if (size < 126) {
      frame.put((byte) (0x80 | size));
    } else if (size < 1 << 16) {
      frame.put((byte) (0x80 | 126)).putShort((short) size);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(size);
    }
    byte[] mask = {1, 2, 3, 4};
    frame.put(mask);
    for (int i = 0; i < size; i++) {
      frame.put((byte) (payload[i] ^ mask[i % 4]));
    }
    return send(Arrays.copyOf(frame.array(), frame.position()));
  }

  public RawConnection text(String message) {
    return frame(0x81, message.getBytes(StandardCharsets.UTF_8));
  }

  /// A received WebSocket frame.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Frame(int firstByte, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public int closeCode() {
      return ByteBuffer.wrap(payload).getShort();
    }
  }

  public Frame frame() {
    byte[] start = read(2);
    int length = start[1] & 0x7f;
    if (length == 126) {
      length = ByteBuffer.wrap(read(2)).getShort() & 0xffff;
    } else if (length == 127) {
      length = Math.toIntExact(ByteBuffer.wrap(read(8)).getLong());
    }
    return new Frame(start[0] & 0xff, read(length));
  }

  /// Asks to become a WebSocket.
  public RawConnection webSocket(String target) {
    send(
        "GET "
            + target
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    String head = head();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IllegalStateException(head);
    }
    return this;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
