package dev.askape.cli;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.Party;
import dev.askape.chat.SessionRecord;
import dev.askape.json.ChatJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What is kept of one identity, as JSON Lines: a line for each session of which it is the owner,
/// `{"type": "session", …}`, then one for each entry in it, oldest first, `{"type": "entry", …}`,
/// with the fields that clients know.
record Export(ConversationStore store, Party owner, Consumer<String> line) {
  private static final int SESSIONS_AT_ONCE = 100;
  private static final int TURNS_AT_ONCE = 20;

  long run() {
    var done = new HashSet<String>();
    var before = Optional.<Instant>empty();
    while (true) {
      var sessions = store.listSessions(List.of(owner), before, SESSIONS_AT_ONCE);
      sessions.stream().filter(it -> done.add(it.id().value())).forEach(this::session);
      if (sessions.size() < SESSIONS_AT_ONCE) {
        return done.size();
      }
      // The next page begins with the same moment again, because several may share it.
      var last = sessions.getLast().updatedAt();
      before = Optional.of(last.equals(sessions.getFirst().updatedAt()) ? last : last.plusNanos(1));
    }
  }

  private void session(SessionRecord session) {
    line.accept(ChatJson.session(session).put("type", "session").toString());
    for (long end : pages(session)) {
      var turns = store.listTurns(session.id(), end, TURNS_AT_ONCE);
      for (var entry : ChatJson.history(turns)) {
        var named = ChatJson.object().put("type", "entry").put("sessionId", session.id().value());
        entry.properties().forEach(field -> named.set(field.getKey(), field.getValue()));
        line.accept(named.toString());
      }
    }
  }

  /// Where the pages of a session end, the oldest first.
  private List<Long> pages(SessionRecord session) {
    var ends = new ArrayList<Long>();
    ends.add(Long.MAX_VALUE);
    while (true) {
      var page = store.listTurns(session.id(), ends.getLast(), TURNS_AT_ONCE);
      if (page.size() < TURNS_AT_ONCE) {
        return ends.reversed();
      }
      ends.add(page.getFirst().seq());
    }
  }
}
