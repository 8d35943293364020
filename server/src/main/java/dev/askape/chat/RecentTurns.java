package dev.askape.chat;

import java.util.ArrayList;
import java.util.List;

/// The newest turns of a session before one, as many as are wanted and as fit into memory: read a
/// few at a time, so that what a session holds in all does not matter.
///
/// @param turns oldest first
/// @param hasMore whether there are older ones
record RecentTurns(List<TurnRecord> turns, boolean hasMore) {
  private static final int AT_ONCE = 10;

  /// Reads at most `limit` turns; blocks.
  ///
  /// @param maxChars a turn that begins beyond so many characters is left out
  static RecentTurns read(
      ConversationStore store, SessionId session, long beforeSeq, int limit, long maxChars) {
    var newestFirst = new ArrayList<TurnRecord>();
    long before = beforeSeq;
    long chars = 0;
    while (true) {
      int wanted = Math.min(AT_ONCE, limit + 1 - newestFirst.size());
      var some = store.listTurns(session, before, wanted);
      for (var turn : some.reversed()) {
        if (newestFirst.size() == limit || chars > maxChars) {
          return new RecentTurns(newestFirst.reversed(), true);
        }
        newestFirst.add(turn);
        chars += length(turn);
      }
      if (some.size() < wanted) {
        // A store that is cut off from its database may have no more than the newest ones.
        boolean whole = newestFirst.isEmpty() || newestFirst.getLast().seq() == 1;
        return new RecentTurns(newestFirst.reversed(), !whole);
      }
      before = some.getFirst().seq();
    }
  }

  private static long length(TurnRecord turn) {
    return turn.content().length()
        + turn.answers().stream()
            .mapToLong(answer -> answer.content().length() + answer.reasoning().length())
            .sum();
  }
}
