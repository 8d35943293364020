package dev.askape.storage.sqlite;

/// How much a spool holds.
///
/// @param maxBytes of what the primary store has not confirmed; beyond it messages are refused,
///   ends of answers are not
/// @param sessions that are mirrored at most when nothing is spooled
/// @param turnsPerSession that are mirrored at most of one session when nothing is spooled
public record SpoolLimits(long maxBytes, int sessions, int turnsPerSession) {
  public SpoolLimits {
    if (maxBytes < 1 || sessions < 1 || turnsPerSession < 1) {
      throw new IllegalArgumentException("the limits of a spool must be at least 1");
    }
  }
}
