package dev.askape.provider.http;

/// How a stream is cut into values.
public enum Framing {
  /// Server-sent events.
  EVENTS,
  /// JSON values, each in a line of its own.
  LINES;

  StreamReader reader(int limit, StreamReader.Values values) {
    return switch (this) {
      case EVENTS -> new SseReader(limit, values);
      case LINES -> new JsonLineReader(limit, values);
    };
  }
}
