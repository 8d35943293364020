package dev.askape.standin;

/// How one streamed answer is worded: the bytes of each thing that can be said, in the order in
/// which the methods stand here. Confined to its event loop.
interface Speech {
  /// What comes before any word; may be empty.
  byte[] opening();

  /// What keeps the connection alive and says nothing.
  byte[] keepAlive();

  byte[] thought(String fragment);

  byte[] text(String fragment);

  /// The finish reason, and the usage if it is reported.
  byte[] finish();

  /// What stands after that; may be empty.
  byte[] endMark();

  /// An error in the middle, with what some send after it.
  ///
  /// @param code the HTTP status that it stands for
  byte[] error(int code, String message);

  /// One event with this as its data.
  byte[] event(String json);

  /// How a line with data starts.
  default byte[] lineStart() {
    return JsonText.bytes("data: ");
  }
}
