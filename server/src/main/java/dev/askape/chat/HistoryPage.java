package dev.askape.chat;

import java.util.List;
import java.util.Optional;

/// A stretch of a session's history, oldest first.
///
/// @param hasMore whether there is something before it
public record HistoryPage(
    Optional<SessionRecord> session, List<TurnRecord> turns, boolean hasMore) {
  public HistoryPage {
    turns = List.copyOf(turns);
  }
}
