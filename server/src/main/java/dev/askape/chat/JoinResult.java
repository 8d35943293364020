package dev.askape.chat;

import java.util.List;
import java.util.Optional;

/// What became of joining a session.
public sealed interface JoinResult {
  /// The viewer follows the session: it hears everything from `position` on, and `running` has what
  /// was under way at that moment. What was said before is in the history up to `lastSeq`.
  record Joined(
      Session session,
      Party owner,
      List<Participant> participants,
      long position,
      List<Turn> running,
      long lastSeq)
      implements JoinResult {
    public Joined {
      participants = List.copyOf(participants);
      running = List.copyOf(running);
    }
  }

  record Refused(Refusal why) implements JoinResult {}

  /// What an asker sees of a session that is kept.
  default Optional<Joined> joined() {
    return this instanceof Joined joined ? Optional.of(joined) : Optional.empty();
  }
}
