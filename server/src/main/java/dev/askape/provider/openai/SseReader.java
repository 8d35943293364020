package dev.askape.provider.openai;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Cuts the bytes of a server-sent event stream into the data of its events, as they arrive in
/// whatever pieces. Confined to one thread.
///
/// Lines end with `\n` or `\r\n`; it works on bytes, so that a character may be cut in two by a
/// buffer. Comments and the fields `event`, `id` and `retry` are ignored, several `data` lines of
/// one event are joined by `\n`, a byte order mark at the start is skipped. Beyond the standard:
/// `[DONE]` is told apart, a JSON value that comes without `data:` (how some servers report an
/// error) is an event up to the next empty line, and what is unfinished at the end of the stream is
/// an event too.
final class SseReader {
  /// Hears of the events. May be told more than one thing within one [#feed].
  interface Events {
    /// The data of one event; the array is only lent.
    void data(byte[] bytes, int length);

    /// The stream said that it is over: `[DONE]`.
    void done();

    /// A line or an event is longer than allowed; nothing else will be told.
    void tooLong();
  }

  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};
  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final int limit;
  private final Events events;

  private byte[] line = new byte[2_048];
  private int lineLength;
  private boolean firstLine = true;

  private byte[] event = new byte[1_024];
  private int eventLength;
  private boolean hasEvent;
  private boolean bare;
  private boolean overflown;

  SseReader(int limit, Events events) {
    this.limit = limit;
    this.events = events;
  }

  /// Takes all readable bytes.
  void feed(ByteBuf bytes) {
    while (bytes.isReadable() && !overflown) {
      int end = bytes.indexOf(bytes.readerIndex(), bytes.writerIndex(), (byte) '\n');
      int length = (end < 0 ? bytes.writerIndex() : end) - bytes.readerIndex();
      if (lineLength + length > limit) {
        overflow();
        return;
      }
      line = withRoom(line, lineLength, length);
      bytes.readBytes(line, lineLength, length);
      lineLength += length;
      if (end >= 0) {
        bytes.skipBytes(1);
        endLine();
      }
    }
  }

  /// The stream ended: what was begun is taken for whole.
  void end() {
    if (overflown) {
      return;
    }
    if (lineLength > 0) {
      endLine();
    }
    dispatch();
  }

  private void endLine() {
    int start = 0;
    int end = lineLength;
    lineLength = 0;
    if (end > 0 && line[end - 1] == '\r') {
      end--;
    }
    if (firstLine) {
      firstLine = false;
      if (startsWith(BOM, start, end)) {
        start = BOM.length;
      }
    }
    if (start == end) {
      dispatch();
    } else if (startsWith(DATA, start, end)) {
      dataLine(start + DATA.length, end);
    } else if (isDone(start, end)) {
      dispatch();
      events.done();
    } else if (bare || (!hasEvent && (line[start] == '{' || line[start] == '['))) {
      bare = true;
      append(start, end);
    }
  }

  private void dataLine(int from, int end) {
    int start = from < end && line[from] == ' ' ? from + 1 : from;
    if (bare) {
      dispatch();
    }
    if (isDone(start, end)) {
      dispatch();
      events.done();
    } else {
      append(start, end);
    }
  }

  private boolean isDone(int start, int end) {
    int last = end;
    while (last > start && line[last - 1] == ' ') {
      last--;
    }
    return last - start == DONE.length && startsWith(DONE, start, last);
  }

  private void append(int start, int end) {
    int length = end - start;
    if (eventLength + length + 1 > limit) {
      overflow();
      return;
    }
    event = withRoom(event, eventLength, length + 1);
    if (hasEvent) {
      event[eventLength++] = '\n';
    }
    System.arraycopy(line, start, event, eventLength, length);
    eventLength += length;
    hasEvent = true;
  }

  private void dispatch() {
    int length = eventLength;
    boolean any = hasEvent && length > 0 && !overflown;
    eventLength = 0;
    hasEvent = false;
    bare = false;
    if (any) {
      events.data(event, length);
    }
  }

  private void overflow() {
    overflown = true;
    events.tooLong();
  }

  private boolean startsWith(byte[] prefix, int start, int end) {
    return end - start >= prefix.length
        && Arrays.equals(line, start, start + prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] withRoom(byte[] array, int used, int more) {
    return used + more <= array.length
        ? array
        : Arrays.copyOf(array, Math.max(array.length * 2, used + more));
  }
}
