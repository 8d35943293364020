package dev.askape.socketio;

/// stub
public final class EncodedPacket {
  public static EncodedPacket event(String namespace, String event, Object... args) {
    throw new UnsupportedOperationException();
  }

  public static EncodedPacket raw(String namespace, ByteSlices json) {
    throw new UnsupportedOperationException();
  }

  public int size() {
    throw new UnsupportedOperationException();
  }
}
