package dev.askape.chat;

/// What became of a [Post].
public sealed interface PostResult {
  /// It is kept and its turn runs; viewers hear of it through the log.
  record Accepted(Turn turn) implements PostResult {}

  /// The sender had sent it before. The turn may run or be over; nothing was asked again.
  record Repeated(Turn turn) implements PostResult {}

  record Refused(Refusal why) implements PostResult {}
}
