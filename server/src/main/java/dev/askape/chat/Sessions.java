package dev.askape.chat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// The sessions in memory: those that somebody follows, that run, or that were needed a moment ago.
/// Safe for any thread.
final class Sessions {
  private final ConcurrentHashMap<SessionId, Session> live = new ConcurrentHashMap<>();
  private final ConversationStore store;
  private final InstantSource clock;
  private final int limit;

  Sessions(ConversationStore store, InstantSource clock, int limit) {
    this.store = store;
    this.clock = clock;
    this.limit = limit;
  }

  /// Does something with a session, which stays in memory meanwhile; reads it from the store when
  /// it is not there yet.
  ///
  /// @return empty when there are too many sessions already
  <R> Optional<R> use(SessionId id, Function<Session, R> action) {
    while (true) {
      var session = live.get(id);
      if (session == null) {
        if (live.size() >= limit) {
          return Optional.empty();
        }
        var fresh = new Session(id, store.findSession(id), clock.instant());
        var raced = live.putIfAbsent(id, fresh);
        session = raced == null ? fresh : raced;
      }
      if (session.acquire()) {
        try {
          return Optional.of(action.apply(session));
        } finally {
          session.release(clock.instant());
        }
      }
      live.remove(id, session);
    }
  }

  Optional<Session> find(SessionId id) {
    return Optional.ofNullable(live.get(id));
  }

  void forEach(Consumer<Session> action) {
    live.values().forEach(action);
  }

  void forget(Session session) {
    live.remove(session.id(), session);
  }

  /// Forgets what nobody has needed for so long.
  void retireIdle(Duration idle) {
    var since = clock.instant().minus(idle);
    live.values().removeIf(session -> session.retire(since));
  }

  int size() {
    return live.size();
  }
}
