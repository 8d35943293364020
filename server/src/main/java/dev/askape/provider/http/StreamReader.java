package dev.askape.provider.http;

import io.netty.buffer.ByteBuf;

/// Cuts the bytes of a stream into values, as they arrive in whatever pieces. Confined to one
/// thread.
sealed interface StreamReader permits SseReader, JsonLineReader {
  /// Hears of the values. May be told more than one thing within one [#feed].
  interface Values {
    /// One value; the array is only lent.
    void value(byte[] bytes, int start, int length);

    /// The stream said that it is over: `[DONE]`.
    void done();

    /// A line or a value is longer than allowed; nothing else will be told.
    void tooLong();
  }

  /// Takes all readable bytes.
  void feed(ByteBuf bytes);

  /// The stream ended: what was begun is taken for whole.
  void end();
}
