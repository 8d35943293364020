package dev.askape.http;

import org.jspecify.annotations.Nullable;

/// The user of a [WebSocket]. All calls come on the event loop of its connection.
public interface WebSocketListener {
  /// The first call.
  void onOpen(WebSocket socket);

  /// A whole message. The text of one that is not binary has yet to be checked to be UTF-8.
  void onMessage(boolean binary, byte[] payload);

  /// The next frame to write, made by [WebSocket#frame]; null when there is none now. Asked only
  /// when the connection takes more.
  @Nullable Slices nextFrame();

  /// The connection had enough for a while, and has now written all it was given.
  void onReady();

  /// The connection is gone.
  ///
  /// @param problem 0 when the client left, else the close code it was sent for what it did
  void onClose(int problem);
}
