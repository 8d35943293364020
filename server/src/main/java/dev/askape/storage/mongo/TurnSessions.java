package dev.askape.storage.mongo;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// Which session a turn is of: every write names it, so that a sharded cluster knows where it goes.
/// The newest are remembered, others looked up. Safe for any thread.
final class TurnSessions {
  private static final int MANY = 10_000;

  @GuardedBy("this")
  private final Map<MessageId, SessionId> known = new LinkedHashMap<>();

  synchronized void remember(MessageId turn, SessionId session) {
    known.put(turn, session);
    if (known.size() > MANY) {
      known.remove(known.keySet().iterator().next());
    }
  }

  private synchronized @Nullable SessionId known(MessageId turn) {
    return known.get(turn);
  }

  Optional<SessionId> find(Round round, MessageId turn) {
    var session = known(turn);
    if (session != null) {
      return Optional.of(session);
    }
    var found =
        Optional.ofNullable(
                round
                    .messages()
                    .find(new Document("turn.id", turn.value()))
                    .projection(new Document("sessionId", 1))
                    .first())
            .map(TurnDocuments::session);
    found.ifPresent(it -> remember(turn, it));
    return found;
  }
}
