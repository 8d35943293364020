package dev.askape.socketio;

/// stub
public final class Broadcast {
  public Broadcast except(Socket... sockets) {
    throw new UnsupportedOperationException();
  }

  public Broadcast asVolatile() {
    throw new UnsupportedOperationException();
  }

  public void emit(String event, Object... args) {
    throw new UnsupportedOperationException();
  }

  public void send(EncodedPacket packet) {
    throw new UnsupportedOperationException();
  }
}
