package dev.askape.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.Asker;
import dev.askape.chat.Chat;
import dev.askape.chat.ErrorId;
import dev.askape.chat.HistoryPage;
import dev.askape.chat.Post;
import dev.askape.chat.PostResult;
import dev.askape.chat.Refusal;
import dev.askape.chat.Result;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionViewer;
import dev.askape.chat.StorageException;
import dev.askape.chat.StoreAwayException;
import dev.askape.chat.Turn;
import dev.askape.chat.TurnRecord;
import dev.askape.gateway.ClientEvent.FetchHistory;
import dev.askape.gateway.ClientEvent.JoinSession;
import dev.askape.gateway.ClientEvent.LeaveSession;
import dev.askape.gateway.ClientEvent.SendMessage;
import dev.askape.gateway.ClientEvent.StopAnswers;
import dev.askape.gateway.ClientEvent.Typing;
import dev.askape.identity.Ids;
import dev.askape.identity.OpenMode;
import dev.askape.identity.ShownIds;
import dev.askape.json.ChatJson;
import dev.askape.socketio.Ack;
import dev.askape.socketio.CloseReason;
import dev.askape.socketio.EncodedPacket;
import dev.askape.socketio.Socket;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One socket: carries out its events, one after another. They are handled on the socket's serial
/// queue, where they may wait; what is told goes out from its event loop.
final class Client implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(Client.class);

  private final Socket socket;
  private final Chat chat;
  private final Viewer.Surroundings around;
  private final GatewaySettings settings;
  private final ClientEvents events;
  private final EventRate rate;
  private final JoinedSessions joined;
  private final OpenMode identity = new OpenMode();

  /// Sessions to which messages are on their way; confined to the event loop.
  private final List<SessionId> underWay = new ArrayList<>();

  Client(Socket socket, Chat chat, Viewer.Surroundings around) {
    this.socket = socket;
    this.chat = chat;
    this.around = around;
    this.settings = around.settings();
    this.events = new ClientEvents(settings);
    this.rate =
        new EventRate(settings.eventsPerSecond(), settings.eventsBurst(), System.nanoTime());
    this.joined = new JoinedSessions(chat, this, around);
  }

  void start(Runnable onGone) {
    socket
        .onEvent(this::arrived)
        .onTakesMore(joined::drain)
        .onDisconnect(_ -> {
          joined.leaveAll();
          onGone.run();
        });
  }

  EventLoop loop() {
    return socket.loop();
  }

  /// Whether it is still to be told something: on the event loop.
  boolean isOwed() {
    return joined.isOwed();
  }

  @Override
  public boolean takesMore() {
    return socket.takesMore();
  }

  @Override
  public void send(EncodedPacket packet) {
    socket.send(packet);
  }

  @Override
  public void close() {
    socket.close(CloseReason.FORCED_CLOSE);
  }

  /// On the event loop, in the order of arrival.
  private void arrived(String event, List<JsonNode> args, Ack ack) {
    var reply = new Reply(event, ack, this);
    if (!rate.take(System.nanoTime())) {
      reply.problem(Problem.rateLimited(rate.retryAfterMs()));
      close();
      return;
    }
    switch (events.decode(event, args)) {
      case ClientEvents.Decoded.Invalid(var problem) -> queue(() -> reply.problem(problem), reply);
      case ClientEvents.Decoded.Valid(SendMessage message) -> {
        underWay.add(message.sessionId());
        Runnable told = () -> around.loop().execute(() -> messageIsTold(message.sessionId()));
        if (!queue(() -> handle(message, reply, told), reply)) {
          told.run();
        }
      }
      case ClientEvents.Decoded.Valid(var valid) ->
          queue(() -> handle(valid, reply, () -> {}), reply);
    }
  }

  private boolean queue(Runnable task, Reply reply) {
    boolean queued = socket.execute(task);
    if (!queued) {
      reply.problem(Problem.of(ErrorCode.BUSY));
    }
    return queued;
  }

  // the one place where a failure of ours is caught, so that every event is answered
  @SuppressWarnings("IllegalCatch")
  private void handle(ClientEvent event, Reply reply, Runnable afterwards) {
    try {
      switch (event) {
        case JoinSession join -> join(join, reply);
        case SendMessage message -> post(message, reply);
        case LeaveSession leave -> {
          joined.leave(leave.sessionId());
          reply.ok();
        }
        case FetchHistory fetch -> fetchHistory(fetch, reply);
        case StopAnswers stop -> stop(stop, reply);
        case Typing typing -> relay(typing, reply);
      }
    } catch (StoreAwayException e) {
      LOG.warn("event={} session={} {}", reply.event(), event.sessionId(), e.getMessage());
      reply.problem(Problem.of(ErrorCode.BUSY).about(event));
    } catch (RuntimeException e) {
      var errorId = ErrorId.fresh();
      LOG.error("errorId={} event={} session={}", errorId, reply.event(), event.sessionId(), e);
      reply.problem(Problem.internal(errorId).about(event));
    } finally {
      afterwards.run();
    }
  }

  private void join(JoinSession event, Reply reply) {
    var who = enter(event);
    boolean again = joined.find(event.sessionId()).isPresent();
    switch (joined.join(event.sessionId(), asker(who), event.stream())) {
      case JoinedSessions.Attempt.Refused(var problem) -> reply.problem(problem.about(event));
      case JoinedSessions.Attempt.Joined(var fresh) -> {
        boolean empty = fresh.joined().lastSeq() == 0;
        var turns = historyOf(fresh, again, event);
        around
            .loop()
            .execute(() -> {
              send(sessionJoined(event.sessionId(), fresh, who));
              if (empty) {
                awaitFirstMessage(fresh.viewer(), historyTo(reply));
              } else {
                historyTo(reply).accept(turns);
              }
              fresh.viewer().open(fresh.joined(), event.cursors());
            });
      }
    }
  }

  /// When it cannot be read the socket has not joined, so that its next message joins. One that had
  /// joined before goes on hearing what happens.
  private List<TurnRecord> historyOf(JoinedSessions.Fresh fresh, boolean again, JoinSession event) {
    try {
      return chat.historyAt(fresh.joined(), settings.historyEntries());
    } catch (StorageException e) {
      if (again) {
        around.loop().execute(() -> fresh.viewer().open(fresh.joined(), event.cursors()));
      } else {
        joined.leave(fresh.viewer().id());
      }
      throw e;
    }
  }

  private Consumer<List<TurnRecord>> historyTo(Reply reply) {
    return turns -> {
      var entries = ChatJson.history(turns);
      send(ServerEvents.sessionHistory(entries));
      reply.ok(json -> json.set("history", entries));
    };
  }

  private void messageIsTold(SessionId session) {
    underWay.remove(session);
    joined.find(session).ifPresent(Viewer::tellHistory);
  }

  /// Front ends send their first message right behind the join, and take the history for all there
  /// is.
  private void awaitFirstMessage(Viewer viewer, Consumer<List<TurnRecord>> tellHistory) {
    viewer.awaitFirstMessage(tellHistory);
    var _ =
        around
            .loop()
            .schedule(
                () -> {
                  if (!underWay.contains(viewer.id())) {
                    viewer.tellHistory();
                  }
                },
                settings.historyWait().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private EncodedPacket sessionJoined(SessionId session, JoinedSessions.Fresh fresh, ShownIds who) {
    return ServerEvents.sessionJoined(
        session, fresh.joined(), asker(who).party().id(), chat.usesDatabase());
  }

  /// Joins the session first if the socket has not; then, only who has shown no id at all hears of
  /// it.
  private void post(SendMessage event, Reply reply) {
    boolean stranger = identity.who(event.sessionId().value(), event.shown()).isEmpty();
    var who = enter(event);
    Optional<JoinedSessions.Fresh> fresh = Optional.empty();
    if (joined.find(event.sessionId()).isEmpty()) {
      try {
        switch (joined.join(event.sessionId(), asker(who), StreamMode.FULL)) {
          case JoinedSessions.Attempt.Refused(var problem) -> {
            reply.problem(problem.about(event));
            return;
          }
          case JoinedSessions.Attempt.Joined(var now) -> fresh = Optional.of(now);
        }
      } catch (StoreAwayException e) {
        throw e; // busy, like on every other event
      } catch (StorageException e) {
        LOG.error("session={} message not stored: {}", event.sessionId(), e.getMessage());
        tellNotSaved(event, reply);
        return;
      }
    }
    var sending = new Sending(this, reply);
    var result = chat.post(toPost(event, who, sending));
    var entered = fresh;
    around
        .loop()
        .execute(() -> {
          if (stranger && entered.isPresent()) {
            send(sessionJoined(event.sessionId(), entered.get(), who));
          }
          tell(result, event, sending, reply);
          entered.ifPresent(now -> now.viewer().open(now.joined(), Map.of()));
          if (result instanceof PostResult.Repeated(var turn)) {
            repeat(turn, event.sessionId(), entered.isPresent());
          }
        });
  }

  private static Post toPost(SendMessage event, ShownIds who, Sending sending) {
    return new Post(
        event.sessionId(),
        asker(who),
        sending,
        event.message(),
        event.models(),
        event.clientMessageId());
  }

  private void tell(PostResult result, SendMessage event, Sending sending, Reply reply) {
    switch (result) {
      case PostResult.Accepted(var turn) -> sending.tellSaved(turn);
      case PostResult.Repeated(var turn) -> sending.tellSaved(turn);
      case PostResult.Refused(Refusal.NotSaved _) -> tellNotSaved(event, reply);
      case PostResult.Refused(var why) -> reply.problem(Problem.of(why).about(event));
    }
  }

  private void tellNotSaved(SendMessage event, Reply reply) {
    send(ServerEvents.messageNotSaved(event));
    if (reply.ack().wanted()) {
      reply.problem(Problem.of(new Refusal.NotSaved()).about(event));
    }
  }

  /// The message was sent before: its turn is told again, whole, unless that has just begun with
  /// joining.
  private void repeat(Turn turn, SessionId session, boolean justJoined) {
    joined
        .find(session)
        .filter(viewer -> !justJoined || !viewer.follows(turn))
        .ifPresent(viewer -> viewer.replay(turn));
  }

  private void fetchHistory(FetchHistory event, Reply reply) {
    answer(
        event,
        reply,
        asker -> chat.history(event.sessionId(), asker, Optional.of(event.before()), event.limit()),
        (HistoryPage page) -> {
          var entries = ChatJson.history(page.turns());
          send(ServerEvents.historyChunk(event.sessionId(), entries, page.hasMore()));
          reply.ok(json -> {
            json.set("messages", entries);
            json.put("hasMore", page.hasMore());
          });
        });
  }

  private void stop(StopAnswers event, Reply reply) {
    answer(
        event,
        reply,
        asker -> chat.stop(event.sessionId(), asker, event.messageId(), event.modelId()),
        (Optional<Turn> running) ->
            around.loop().execute(() -> tellStopped(event, running, reply)));
  }

  /// The callback comes after the events that it causes.
  private void tellStopped(StopAnswers event, Optional<Turn> running, Reply reply) {
    var viewer = joined.find(event.sessionId());
    if (running.isPresent() && viewer.isPresent()) {
      viewer.get().afterTelling(running.get(), event.modelId(), reply::ok);
    } else {
      reply.ok();
    }
  }

  /// To the others in the session; who they are told it is, is the socket's, never the payload's.
  private void relay(Typing event, Reply reply) {
    answer(
        event,
        reply,
        asker -> chat.viewers(event.sessionId(), asker).map(all -> new Audience(asker, all)),
        (Audience audience) -> {
          var packet = ServerEvents.typing(event, audience.typist().party());
          var own = joined.find(event.sessionId());
          for (var other : audience.viewers()) {
            if (other instanceof Viewer viewer && !own.map(viewer::equals).orElse(false)) {
              viewer.relay(packet);
            }
          }
          reply.ok();
        });
  }

  private record Audience(Asker typist, List<SessionViewer> viewers) {}

  /// Asks on behalf of who the socket is; somebody who has never shown an id may nothing.
  private <T> void answer(
      ClientEvent event, Reply reply, Function<Asker, Result<T>> ask, Consumer<T> told) {
    var who = identity.who(event.sessionId().value(), event.shown());
    if (who.isEmpty()) {
      reply.problem(Problem.of(ErrorCode.FORBIDDEN).about(event));
      return;
    }
    var asker = asker(who.get());
    joined.identify(event.sessionId(), asker);
    switch (ask.apply(asker)) {
      case Result.Ok<T>(var value) -> told.accept(value);
      case Result.Refused<T>(var why) -> reply.problem(Problem.of(why).about(event));
    }
  }

  /// Who joins or posts; a stranger becomes a new guest. The socket is that one in the session from
  /// now on.
  private ShownIds enter(ClientEvent event) {
    var session = event.sessionId().value();
    var who =
        identity.who(session, event.shown()).orElseGet(() -> ShownIds.guest(Ids.freshGuest()));
    identity.remember(session, who);
    joined.identify(event.sessionId(), asker(who));
    return who;
  }

  private static Asker asker(ShownIds who) {
    return Asker.of(who.userId(), who.guestId());
  }
}
