package dev.askape.storage.spool;

/// What came of a call of the primary store.
sealed interface Reply<T> {
  record Given<T>(T value) implements Reply<T> {}

  /// It will never do that.
  record Refused<T>(String reason) implements Reply<T> {}

  /// It was not asked, could not be reached, failed, or did not answer in time: whether it has done
  /// it nobody knows. It may still do it.
  record Away<T>(String why) implements Reply<T> {}
}
