package dev.askape.engineio;

import dev.askape.http.Slices;
import dev.askape.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A packet to be sent, encoded once for any number of clients. Immutable.
public final class EnginePacket {
  static final EnginePacket CLOSE = control("1");
  static final EnginePacket PING = control("2");
  static final EnginePacket PROBE_PONG = control("3probe");
  static final EnginePacket NOOP = control("6");

  private static final byte[] BASE64 = {'b'};

  private final boolean binary;
  private final Slices content; // of a text packet with its type
  private @Nullable Slices frame; // made when first needed; a race makes two equal ones

  private EnginePacket(boolean binary, Slices content) {
    this.binary = binary;
    this.content = content;
  }

  private static EnginePacket control(String packet) {
    return new EnginePacket(false, Slices.of(packet.getBytes(StandardCharsets.US_ASCII)));
  }

  static EnginePacket open(String json) {
    return control("0" + json);
  }

  /// A text message in two parts: UTF-8 without the separator 0x1e, which JSON never contains.
  public static EnginePacket text(byte[] head, Slices rest) {
    byte[] start = new byte[1 + head.length];
    start[0] = '4';
    System.arraycopy(head, 0, start, 1, head.length);
    return new EnginePacket(false, Slices.builder().add(start).add(rest).build());
  }

  public static EnginePacket binary(byte[] bytes) {
    return new EnginePacket(true, Slices.of(bytes));
  }

  /// What a WebSocket frame of it contains.
  public Slices content() {
    return content;
  }

  /// Bytes of its content.
  public int size() {
    return content.size();
  }

  Slices frame() {
    Slices made = frame;
    if (made == null) {
      made = WebSocket.frame(binary, content);
      frame = made;
    }
    return made;
  }

  /// As in the body of a poll's answer.
  Slices polled() {
    return binary ? Slices.of(BASE64, Base64.getEncoder().encode(content.toBytes())) : content;
  }
}
