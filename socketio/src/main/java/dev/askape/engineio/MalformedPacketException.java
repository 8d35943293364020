package dev.askape.engineio;

/// A client sent what is no packet: an instruction to end its connection.
public final class MalformedPacketException extends RuntimeException {
  public MalformedPacketException(String message) {
    super(message);
  }
}
