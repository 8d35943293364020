package dev.askape.gateway;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.Said;
import java.util.Arrays;

/// A growing text as the inside of a JSON string: escaped, in UTF-8, each character encoded once.
/// Any number of readers; the array only grows, so that what was read stays valid for ever and may
/// be sent without a copy. Safe for any thread.
final class EncodedText {
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  @GuardedBy("this")
  private byte[] bytes = new byte[256];

  @GuardedBy("this")
  private int length;

  private volatile Prefix known = new Prefix(new byte[0], 0, 0, 0);

  /// A prefix of the text in its encoded form.
  ///
  /// @param length of the encoded form, in bytes
  /// @param chars of the text, in UTF-16 code units
  /// @param fragments of the model that it contains
  @SuppressWarnings("ArrayRecordComponent") // shared and never changed below `length`
  record Prefix(byte[] bytes, int length, int chars, int fragments) {}

  /// What was said, encoded; it may be a little more, if others have seen more by now.
  Prefix upTo(Said said) {
    var prefix = known;
    return prefix.chars() >= said.length() ? prefix : extend(said);
  }

  private synchronized Prefix extend(Said said) {
    var prefix = known;
    if (prefix.chars() >= said.length()) {
      return prefix;
    }
    encode(said, prefix.chars(), said.length());
    known = new Prefix(bytes, length, said.length(), said.fragments());
    return known;
  }

  /// How many bytes the first `chars` code units take.
  static int encodedLength(Said said, int chars) {
    var scratch = new EncodedText();
    synchronized (scratch) {
      scratch.encode(said, 0, chars);
      return scratch.length;
    }
  }

  @GuardedBy("this")
  private void encode(Said said, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes.length - length < 6) {
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
      }
      char c = said.charAt(i);
      if (c >= 0x80) {
        i += encodeWide(said, i, c);
      } else if (c < 0x20 || c == '"' || c == '\\') {
        escape(c);
      } else {
        bytes[length++] = (byte) c;
      }
    }
  }

  /// @return how many further code units it took
  @GuardedBy("this")
  private int encodeWide(Said said, int i, char c) {
    if (Character.isHighSurrogate(c)) { // texts are well-formed: its other half follows
      int point = Character.toCodePoint(c, said.charAt(i + 1));
      bytes[length++] = (byte) (0xF0 | (point >> 18));
      bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
      bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
      bytes[length++] = (byte) (0x80 | (point & 0x3F));
      return 1;
    }
    if (c < 0x800) {
      bytes[length++] = (byte) (0xC0 | (c >> 6));
    } else {
      bytes[length++] = (byte) (0xE0 | (c >> 12));
      bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
    }
    bytes[length++] = (byte) (0x80 | (c & 0x3F));
    return 0;
  }

  @GuardedBy("this")
  private void escape(char c) {
    bytes[length++] = '\\';
    switch (c) {
      case '"', '\\' -> bytes[length++] = (byte) c;
      case '\n' -> bytes[length++] = 'n';
      case '\r' -> bytes[length++] = 'r';
      case '\t' -> bytes[length++] = 't';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[c >> 4];
        bytes[length++] = HEX[c & 0xF];
      }
    }
  }
}
