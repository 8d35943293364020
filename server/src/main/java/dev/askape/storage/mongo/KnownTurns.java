package dev.askape.storage.mongo;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.Budget;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.TurnRecord;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// What a turn's id does not say: its session, which every write names, so that a sharded cluster
/// knows where it goes, and who pays. The newest are remembered, also after their session was
/// deleted; others are looked up. Safe for any thread.
final class KnownTurns {
  private static final int MANY = 10_000;

  /// @param day on which it was asked
  record Known(SessionId session, Party payer, LocalDate day) {
    static Known of(TurnRecord turn) {
      return new Known(turn.sessionId(), turn.sender(), Budget.dayOf(turn.createdAt()));
    }

    static Known of(Document user) {
      return new Known(
          TurnDocuments.session(user),
          Values.party(user),
          Budget.dayOf(Values.instant(user, "createdAt")));
    }
  }

  @GuardedBy("this")
  private final Map<MessageId, Known> known = new LinkedHashMap<>();

  synchronized void remember(MessageId turn, Known about) {
    known.put(turn, about);
    if (known.size() > MANY) {
      known.remove(known.keySet().iterator().next());
    }
  }

  private synchronized @Nullable Known known(MessageId turn) {
    return known.get(turn);
  }

  Optional<Known> find(Round round, MessageId turn) {
    var remembered = known(turn);
    if (remembered != null) {
      return Optional.of(remembered);
    }
    var found =
        Optional.ofNullable(
                round
                    .messages()
                    .find(new Document("turn.id", turn.value()))
                    .projection(
                        new Document("sessionId", 1)
                            .append("userId", 1)
                            .append("guestId", 1)
                            .append("createdAt", 1))
                    .first())
            .map(Known::of);
    found.ifPresent(it -> remember(turn, it));
    return found;
  }
}
