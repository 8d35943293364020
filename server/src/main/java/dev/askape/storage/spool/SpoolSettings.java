package dev.askape.storage.spool;

import java.time.Duration;

/// How fail-over works, and its limits.
///
/// @param patience how long a call of a user waits for the primary store; what takes longer counts
///   as away, and is done with the spool
/// @param deadline how long a call waits that no user waits for: repeating what is spooled, reading
///   a session that is not mirrored
/// @param calls that may be at the primary store at once; more wait, at most their patience
/// @param replays sessions that are repeated at once
/// @param firstRetry how soon the primary store is tried again when it is away
/// @param lastRetry how long that may grow, doubling
/// @param context turns of a session that are mirrored when it comes into use
/// @param contextChars characters of them; older ones are left out beyond it
public record SpoolSettings(
    Duration patience,
    Duration deadline,
    int calls,
    int replays,
    Duration firstRetry,
    Duration lastRetry,
    int context,
    long contextChars) {
  public SpoolSettings {
    positive("patience", patience);
    positive("deadline", deadline);
    positive("firstRetry", firstRetry);
    if (lastRetry.compareTo(firstRetry) < 0) {
      throw new IllegalArgumentException("lastRetry must be at least firstRetry");
    }
    if (calls < 1 || replays < 1 || context < 1 || contextChars < 1) {
      throw new IllegalArgumentException("limits must be at least 1");
    }
  }

  /// The defaults, for a chat that looks at so much of a conversation.
  public static SpoolSettings of(Duration patience, int context, long contextChars) {
    return new SpoolSettings(
        patience,
        Duration.ofSeconds(5),
        64,
        8,
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        context,
        contextChars);
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive");
    }
  }
}
