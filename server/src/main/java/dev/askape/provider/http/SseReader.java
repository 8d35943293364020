package dev.askape.provider.http;

import io.netty.buffer.ByteBuf;

/// Cuts a stream of server-sent events into the data of its events.
///
/// Comments and the fields `event`, `id` and `retry` are ignored, several `data` lines of one event
/// are joined by `\n`. Beyond the standard: `[DONE]` is told apart, a JSON value that comes without
/// `data:` (how some servers report an error) is an event up to the next empty line, and what is
/// unfinished at the end of the stream is an event too.
final class SseReader implements StreamReader, LineCutter.Lines {
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};
  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final int limit;
  private final Values values;
  private final LineCutter cutter;

  private byte[] event = new byte[1_024];
  private int eventLength;
  private boolean hasEvent;
  private boolean bare;
  private boolean overflown;

  SseReader(int limit, Values values) {
    this.limit = limit;
    this.values = values;
    this.cutter = new LineCutter(limit, this);
  }

  @Override
  public void feed(ByteBuf bytes) {
    cutter.feed(bytes);
  }

  @Override
  public void end() {
    cutter.end();
    dispatch();
  }

  @Override
  public void line(byte[] bytes, int start, int end) {
    if (start == end) {
      dispatch();
    } else if (LineCutter.startsWith(bytes, DATA, start, end)) {
      dataLine(bytes, start + DATA.length, end);
    } else if (isDone(bytes, start, end)) {
      dispatch();
      values.done();
    } else if (bare || (!hasEvent && (bytes[start] == '{' || bytes[start] == '['))) {
      bare = true;
      append(bytes, start, end);
    }
  }

  private void dataLine(byte[] bytes, int from, int end) {
    int start = from < end && bytes[from] == ' ' ? from + 1 : from;
    if (bare) {
      dispatch();
    }
    if (isDone(bytes, start, end)) {
      dispatch();
      values.done();
    } else {
      append(bytes, start, end);
    }
  }

  private static boolean isDone(byte[] bytes, int start, int end) {
    int last = end;
    while (last > start && bytes[last - 1] == ' ') {
      last--;
    }
    return last - start == DONE.length && LineCutter.startsWith(bytes, DONE, start, last);
  }

  private void append(byte[] bytes, int start, int end) {
    int length = end - start;
    if (eventLength + length + 1 > limit) {
      cutter.close();
      tooLong();
      return;
    }
    event = LineCutter.withRoom(event, eventLength, length + 1);
    if (hasEvent) {
      event[eventLength++] = '\n';
    }
    System.arraycopy(bytes, start, event, eventLength, length);
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
      values.value(event, 0, length);
    }
  }

  @Override
  public void tooLong() {
    overflown = true;
    values.tooLong();
  }
}
