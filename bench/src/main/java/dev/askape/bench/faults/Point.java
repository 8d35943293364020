package dev.askape.bench.faults;

/// A moment of a turn at which a server halts. The turn has two answers, one after the other.
enum Point {
  /// In `accept`, before anything is written.
  BEFORE_ACCEPT("before the message is stored"),
  /// The message is committed, and nobody has been told.
  ACCEPTED("stored, before message_saved"),
  /// Some microseconds to milliseconds later: the sender and the others are being told.
  BEING_TOLD("while message_saved and the fan-out go out"),
  /// A model has said its first words, which nobody has seen.
  FIRST_FRAGMENT("at the first fragment"),
  BEFORE_CHECKPOINT("before a checkpoint is written"),
  AFTER_CHECKPOINT("after a checkpoint was written"),
  /// An answer has ended, and that is not stored.
  BEFORE_END("before an answer's end is stored"),
  /// An answer's end is stored, and nobody has been told.
  AFTER_END("an answer's end stored, before it is told"),
  /// The last answer's end is stored, and with it the turn's; nobody has been told.
  BEFORE_TURN_END("before the turn's end is told"),
  /// Told to stop, the server ends what runs.
  DRAIN("while it is told to stop and ends what runs");

  private final String title;

  Point(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
