package dev.askape.gateway;

import dev.askape.chat.Asker;
import dev.askape.chat.Chat;
import dev.askape.chat.JoinResult;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionViewer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The sessions that one socket has joined, with its viewer in each. Changed on the socket's serial
/// queue, and by what happens to a session, on its event loop.
final class JoinedSessions {
  private final Chat chat;
  private final Outlet outlet;
  private final Viewer.Surroundings around;
  private final Map<SessionId, Viewer> viewers = new ConcurrentHashMap<>();
  private volatile boolean ended;

  JoinedSessions(Chat chat, Outlet outlet, Viewer.Surroundings around) {
    this.chat = chat;
    this.outlet = outlet;
    this.around = around;
  }

  /// A session that was joined a moment ago; the viewer is still to be opened, on the event loop.
  record Fresh(Viewer viewer, JoinResult.Joined joined) {}

  /// What came of trying to join.
  sealed interface Attempt {
    record Joined(Fresh fresh) implements Attempt {}

    record Refused(Problem problem) implements Attempt {}
  }

  Optional<Viewer> find(SessionId id) {
    return Optional.ofNullable(viewers.get(id));
  }

  /// Joins, in place of the viewer that there may be. Blocks.
  Attempt join(SessionId id, Asker asker, StreamMode mode) {
    if (!viewers.containsKey(id) && viewers.size() >= around.settings().sessionsPerSocket()) {
      return new Attempt.Refused(
          Problem.of(
                  ErrorCode.BAD_REQUEST,
                  "A socket may join " + around.settings().sessionsPerSocket() + " sessions.")
              .in("sessionId"));
    }
    var viewer = new Viewer(id, outlet, around, mode, this::dropped);
    return switch (chat.join(id, asker, viewer)) {
      case JoinResult.Refused(var why) -> new Attempt.Refused(Problem.of(why));
      case JoinResult.Joined joined -> {
        replace(id, viewer);
        yield new Attempt.Joined(new Fresh(viewer, joined));
      }
    };
  }

  private void replace(SessionId id, Viewer viewer) {
    var before = viewers.put(id, viewer);
    if (before != null) {
      end(before);
    }
    if (ended) {
      leave(id);
    }
  }

  /// The socket is somebody else in this session from now on, if that one may reach it too.
  void identify(SessionId id, Asker asker) {
    find(id).ifPresent(viewer -> chat.identify(id, viewer, asker));
  }

  void leave(SessionId id) {
    var viewer = viewers.remove(id);
    if (viewer != null) {
      end(viewer);
    }
  }

  private void end(Viewer viewer) {
    chat.leave(viewer.id(), viewer);
    around.loop().execute(viewer::close);
  }

  /// The socket is gone.
  void leaveAll() {
    ended = true;
    viewers.keySet().forEach(this::leave);
  }

  /// The socket takes more: on the event loop.
  void drain() {
    long now = System.nanoTime();
    viewers.values().forEach(viewer -> viewer.drain(now));
  }

  /// Whether the socket is still to be told something: on the event loop.
  boolean isOwed() {
    return viewers.values().stream().anyMatch(Viewer::isOwed);
  }

  private void dropped(Viewer viewer, SessionViewer.Reason reason) {
    viewers.remove(viewer.id(), viewer);
    switch (reason) {
      case DELETED -> outlet.send(ServerEvents.sessionDeleted(viewer.id()));
      case FORBIDDEN ->
          outlet.send(
              ServerEvents.error(
                  Problem.of(ErrorCode.FORBIDDEN).about(viewer.id()).toJson("join_session")));
      case TOO_FAR_BEHIND, LOST -> outlet.close();
    }
  }
}
