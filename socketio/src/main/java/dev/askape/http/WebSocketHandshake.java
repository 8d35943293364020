package dev.askape.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The opening handshake of RFC 6455, section 4.2. No extension and no subprotocol is agreed to.
final class WebSocketHandshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_LENGTH = 24; // 16 bytes in base64

  private WebSocketHandshake() {}

  /// The headers of the answer, empty when the request is not fit.
  static Optional<Map<String, String>> accept(RequestHead head) {
    String key = head.header("sec-websocket-key").orElse("");
    boolean fits =
        head.method().equals("GET")
            && key.length() == KEY_LENGTH
            && head.header("sec-websocket-version").filter("13"::equals).isPresent()
            && head.header("connection").orElse("").toLowerCase(Locale.ROOT).contains("upgrade");
    return fits
        ? Optional.of(
            Map.of(
                "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", sign(key)))
        : Optional.empty();
  }

  private static String sign(String key) {
    try {
      byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
