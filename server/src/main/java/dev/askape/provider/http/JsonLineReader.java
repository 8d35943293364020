package dev.askape.provider.http;

import io.netty.buffer.ByteBuf;

/// Reads a stream of JSON values, each in a line. Empty lines are ignored, and so are lines that
/// begin with a colon, the comments of event streams, which a proxy in between may add.
final class JsonLineReader implements StreamReader, LineCutter.Lines {
  private final Values values;
  private final LineCutter cutter;

  JsonLineReader(int limit, Values values) {
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
  }

  @Override
  public void line(byte[] bytes, int start, int end) {
    int from = start;
    while (from < end && (bytes[from] == ' ' || bytes[from] == '\t')) {
      from++;
    }
    if (from < end && bytes[from] != ':') {
      values.value(bytes, from, end - from);
    }
  }

  @Override
  public void tooLong() {
    values.tooLong();
  }
}
