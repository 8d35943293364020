package dev.askape.chat;

import java.time.Instant;
import java.util.List;

/// A session as kept, from its first message on.
///
/// @param messageCount entries, that is two for each turn
/// @param lastSeq the sequence number of the newest entry
public record SessionRecord(
    SessionId id,
    Party owner,
    List<Participant> participants,
    String title,
    long messageCount,
    long lastSeq,
    Instant createdAt,
    Instant updatedAt) {
  public SessionRecord {
    participants = List.copyOf(participants);
  }

  SessionRecord withOwner(Party newOwner) {
    return new SessionRecord(
        id, newOwner, participants, title, messageCount, lastSeq, createdAt, updatedAt);
  }
}
