package dev.askape.socketio;

import dev.askape.http.Slices;

/// The JSON of a packet given as pieces of arrays, which are shared and not copied: they must never
/// change afterwards. Built by one thread.
public final class ByteSlices {
  private final Slices.Builder slices = Slices.builder();

  public ByteSlices add(byte[] array) {
    slices.add(array, 0, array.length);
    return this;
  }

  public ByteSlices add(byte[] array, int offset, int length) {
    slices.add(array, offset, length);
    return this;
  }

  Slices build() {
    return slices.build();
  }
}
