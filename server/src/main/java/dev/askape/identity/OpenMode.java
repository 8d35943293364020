package dev.askape.identity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Who one socket is, in open mode: within a session, who its latest `join_session` or `message`
/// with an id said. Confined to the socket's serial queue.
public final class OpenMode {
  private static final int SESSIONS = 64;

  private ShownIds latest = ShownIds.NONE;
  private final Map<String, ShownIds> bySession =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ShownIds> eldest) {
          return size() > SESSIONS;
        }
      };

  /// Who asks in an event about a session; empty when the socket has never shown an id.
  public Optional<ShownIds> who(String session, ShownIds shown) {
    if (!shown.isEmpty()) {
      return Optional.of(shown);
    }
    var known = bySession.getOrDefault(session, latest);
    return known.isEmpty() ? Optional.empty() : Optional.of(known);
  }

  /// From now on the socket is that one in the session.
  public void remember(String session, ShownIds who) {
    bySession.put(session, who);
    latest = who;
  }
}
