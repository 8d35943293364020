package dev.askape.engineio;

/// The user of an [EngineSocket]. All calls come on the socket's event loop and must not block. A
/// [MalformedPacketException] ends the connection with [EndReason#PARSE_ERROR].
public interface EngineListener {
  void onText(String message);

  void onBinary(byte[] message);

  /// The connection takes more again, after it did not.
  void onTakesMore();

  /// Called once, and nothing after it.
  void onClose(EndReason reason);
}
