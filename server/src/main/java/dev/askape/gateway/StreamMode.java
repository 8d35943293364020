package dev.askape.gateway;

/// What a chunk carries.
enum StreamMode {
  /// The new text, and the whole text so far.
  FULL,
  /// The new text and where it goes.
  DELTA
}
