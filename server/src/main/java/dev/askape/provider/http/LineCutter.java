package dev.askape.provider.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Cuts bytes into lines, which end with `\n` or `\r\n`. It works on bytes, so that a character may
/// be cut in two by a buffer. A byte order mark at the start is skipped. Confined to one thread.
final class LineCutter {
  /// Hears of the lines.
  interface Lines {
    /// One line without its end; the array is only lent.
    void line(byte[] bytes, int start, int end);

    /// A line is longer than allowed; no other will be told.
    void tooLong();
  }

  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final int limit;
  private final Lines lines;

  private byte[] line = new byte[2_048];
  private int length;
  private boolean first = true;
  private boolean closed;

  LineCutter(int limit, Lines lines) {
    this.limit = limit;
    this.lines = lines;
  }

  /// Takes all readable bytes.
  void feed(ByteBuf bytes) {
    while (bytes.isReadable() && !closed) {
      int end = bytes.indexOf(bytes.readerIndex(), bytes.writerIndex(), (byte) '\n');
      int more = (end < 0 ? bytes.writerIndex() : end) - bytes.readerIndex();
      if (length + more > limit) {
        closed = true;
        lines.tooLong();
        return;
      }
      line = withRoom(line, length, more);
      bytes.readBytes(line, length, more);
      length += more;
      if (end >= 0) {
        bytes.skipBytes(1);
        endLine();
      }
    }
  }

  /// What was begun is taken for a line.
  void end() {
    if (!closed && length > 0) {
      endLine();
    }
  }

  /// Tells of no more lines.
  void close() {
    closed = true;
  }

  private void endLine() {
    int start = 0;
    int end = length;
    length = 0;
    if (end > 0 && line[end - 1] == '\r') {
      end--;
    }
    if (first) {
      first = false;
      if (startsWith(line, BOM, start, end)) {
        start = BOM.length;
      }
    }
    lines.line(line, start, end);
  }

  static boolean startsWith(byte[] bytes, byte[] prefix, int start, int end) {
    return end - start >= prefix.length
        && Arrays.equals(bytes, start, start + prefix.length, prefix, 0, prefix.length);
  }

  static byte[] withRoom(byte[] array, int used, int more) {
    return used + more <= array.length
        ? array
        : Arrays.copyOf(array, Math.max(array.length * 2, used + more));
  }
}
