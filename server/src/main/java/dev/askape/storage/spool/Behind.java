package dev.askape.storage.spool;

import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The sessions of which the primary store lacks something that it was not given or has not
/// confirmed. Until it has caught up, everything about such a session goes into the spool and is
/// read from there: that is how order is kept. Safe for any thread.
final class Behind {
  private final Set<SessionId> sessions = ConcurrentHashMap.newKeySet();
  private final Set<MessageId> messages = ConcurrentHashMap.newKeySet();

  boolean has(SessionId session) {
    return sessions.contains(session);
  }

  void add(SessionId session) {
    sessions.add(session);
  }

  void caughtUp(SessionId session) {
    sessions.remove(session);
  }

  Set<SessionId> sessions() {
    return Set.copyOf(sessions);
  }

  /// Whether the primary store has not confirmed the message of this turn.
  boolean hasMessage(MessageId turn) {
    return messages.contains(turn);
  }

  void addMessage(MessageId turn) {
    messages.add(turn);
  }

  void confirmed(MessageId turn) {
    messages.remove(turn);
  }
}
