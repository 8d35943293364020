package dev.askape.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;

/// A Socket.IO client on a bare TCP connection, over WebSocket, that reads only when it is told to.
/// What it does not read stays with the operating system and the server.
final class RawWebSocket implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FIN_TEXT = 0x81;
  private static final int MASKED = 0x80;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  /// An event that the server sent.
  ///
  /// @param bytes of its frame
  record Event(String name, JsonNode payload, int bytes) {}

  /// Connects to the main namespace.
  ///
  /// @param receiveBuffer bytes that the operating system may keep for it
  RawWebSocket(URI server, int receiveBuffer) throws IOException {
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout((int) Patience.LIMIT.toMillis());
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1024));
    var request =
        """
        GET /socket.io/?EIO=4&transport=websocket HTTP/1.1
        Host: %s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

        """
            .formatted(server.getAuthority());
    socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
    if (!head().startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket");
    }
    readText(); // the handshake
    write("40");
    readText(); // the answer to CONNECT
  }

  private String head() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  /// The local port, by which the server's end can be found.
  int port() {
    return socket.getLocalPort();
  }

  void emit(String event, ObjectNode payload) throws IOException {
    write("42" + JSON.createArrayNode().add(event).add(payload));
  }

  private void write(String text) throws IOException {
    var payload = text.getBytes(UTF_8);
    var frame = ByteBuffer.allocate(payload.length + 8).put((byte) FIN_TEXT);
    if (payload.length < 126) {
      frame.put((byte) (MASKED | payload.length));
    } else {
      frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
    }
    frame.putInt(0).put(payload); // masked with zeros: as it is
    socket.getOutputStream().write(frame.array(), 0, frame.position());
  }

  /// The next event; answers the heartbeat meanwhile.
  Event next() throws IOException {
    while (true) {
      var text = readText();
      if (text.equals("2")) {
        write("3");
      } else if (text.startsWith("42[")) {
        var event = JSON.readTree(text.substring(2));
        return new Event(event.get(0).asText(), event.path(1), text.getBytes(UTF_8).length);
      }
    }
  }

  private String readText() throws IOException {
    int first = in.readUnsignedByte();
    if (first != FIN_TEXT) {
      throw new IOException("not a whole text frame: " + first);
    }
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    var payload = new byte[length];
    in.readFully(payload);
    return new String(payload, UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
