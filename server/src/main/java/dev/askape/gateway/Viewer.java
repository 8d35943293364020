package dev.askape.gateway;

import dev.askape.chat.JoinResult;
import dev.askape.chat.MessageId;
import dev.askape.chat.ModelId;
import dev.askape.chat.Session;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionViewer;
import dev.askape.chat.Turn;
import dev.askape.chat.TurnRecord;
import dev.askape.socketio.EncodedPacket;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client's position in one session. It catches up whenever the socket takes more, with what
/// has happened by then; while the socket does not, it costs a few numbers.
///
/// All state is confined to the socket's event loop, but for the two flags by which other threads
/// wake it. At most one wake-up is under way, and while it waits for a beat no growth of an answer
/// wakes it at all.
final class Viewer implements SessionViewer {
  private static final int MOST_TURNS = 64;
  private static final int MOST_RELAYS = 8;
  private static final int LARGEST_RELAY = 2_048;

  private final SessionId id;
  private final Outlet outlet;
  private final Surroundings around;
  private final Pace pace;
  private final Dropped onDropped;
  private final SequencedMap<MessageId, TurnCursor> cursors = new LinkedHashMap<>();
  private final Outlet counting;

  private final AtomicBoolean waking = new AtomicBoolean();

  /// Whether it will look for growth by itself: at a beat, or when the socket takes more.
  private final AtomicBoolean watching = new AtomicBoolean(true);

  private @Nullable Session session; // null before it is opened and after it is closed
  private boolean closed;
  private long position;
  private long begunSeq;
  private boolean sent;
  private boolean onTicker;
  private @Nullable Consumer<List<TurnRecord>>
      history; // tells the history, while it waits for a first message
  private final Queue<EncodedPacket> relays = new ArrayDeque<>();
  private final List<Promise> promises = new ArrayList<>();
  private volatile long needsFrom;

  /// Something to do once the end of an answer, or of its whole turn, has been told.
  private record Promise(Turn turn, Optional<ModelId> model, Runnable then) {}

  Viewer(SessionId id, Outlet outlet, Surroundings around, StreamMode mode, Dropped onDropped) {
    this.id = id;
    this.outlet = outlet;
    this.around = around;
    this.pace = Pace.of(mode, around.settings());
    this.onDropped = onDropped;
    this.counting =
        new Outlet() {
          @Override
          public boolean takesMore() {
            return outlet.takesMore();
          }

          @Override
          public void send(EncodedPacket packet) {
            sent = true;
            outlet.send(packet);
          }

          @Override
          public void close() {
            outlet.close();
          }
        };
  }

  /// What all viewers of one event loop share.
  record Surroundings(
      EventLoop loop, Ticker ticker, AnswerRendering.Cache renderings, GatewaySettings settings) {}

  /// Hears, on the event loop, that a viewer was dropped from its session.
  interface Dropped {
    void dropped(Viewer viewer, Reason reason);
  }

  SessionId id() {
    return id;
  }

  /// Begins to tell what happens from the moment of joining on, and what was under way then.
  ///
  /// @param known what the client has of running answers, in UTF-16 code units
  void open(JoinResult.Joined joined, Map<String, Integer> known) {
    if (closed) {
      return;
    }
    session = joined.session();
    position = joined.position();
    begunSeq = joined.lastSeq();
    joined.running().forEach(turn -> follow(turn, known));
    noteNeeds(); // of what was over by then it needs nothing
    drain(System.nanoTime());
  }

  /// Tells nothing more.
  void close() {
    closed = true;
    session = null;
    history = null;
    cursors.clear();
    relays.clear();
    needsFrom = Long.MAX_VALUE;
    promises.forEach(promise -> promise.then().run());
    promises.clear();
  }

  /// Before [#open]: the history is told when the first message comes, or by [#tellHistory()].
  void awaitFirstMessage(Consumer<List<TurnRecord>> tellHistory) {
    history = tellHistory;
  }

  /// Tells the history that still waits for a first message, with those that have come.
  void tellHistory() {
    var following = session;
    if (history == null || following == null) {
      return;
    }
    var turns = following.turnsFrom(position);
    if (turns.isEmpty()) {
      tellHistory(List.of());
    } else {
      begin(turns.getFirst());
    }
    drain(System.nanoTime());
  }

  private void tellHistory(List<TurnRecord> turns) {
    var waiting = history;
    if (waiting != null) {
      history = null;
      waiting.accept(turns);
    }
  }

  /// Tells a turn from its start, whatever of it was told before. A socket that has left too many
  /// untold is closed.
  void replay(Turn turn) {
    if (session == null) {
      return;
    }
    cursors.remove(turn.messageId());
    if (cursors.size() >= MOST_TURNS) {
      outlet.close();
      return;
    }
    follow(turn, Map.of());
    drain(System.nanoTime());
  }

  /// Does something once it has told how the model's answer ended, or the whole turn.
  void afterTelling(Turn turn, Optional<ModelId> model, Runnable then) {
    if (session == null || promises.size() >= MOST_TURNS) {
      then.run();
      return;
    }
    promises.add(new Promise(turn, model, then));
    keepPromises();
  }

  private void keepPromises() {
    if (!promises.isEmpty()) {
      var due = promises.stream().filter(this::hasTold).toList();
      promises.removeAll(due);
      due.forEach(promise -> promise.then().run());
    }
  }

  private boolean hasTold(Promise promise) {
    var cursor = cursors.get(promise.turn().messageId());
    return cursor == null
        ? promise.turn().seq() < begunSeq // else it is still to come
        : promise.model().map(cursor::hasTold).orElse(false);
  }

  /// Whether the turn is being told.
  boolean follows(Turn turn) {
    return cursors.containsKey(turn.messageId());
  }

  private TurnCursor follow(Turn turn, Map<String, Integer> known) {
    var cursor =
        cursors.computeIfAbsent(
            turn.messageId(), _ -> new TurnCursor(turn, around.renderings(), pace, known));
    noteNeeds();
    return cursor;
  }

  private void noteNeeds() {
    needsFrom =
        cursors.values().stream()
            .filter(TurnCursor::needsLog)
            .mapToLong(cursor -> cursor.turn().seq())
            .min()
            .orElse(begunSeq + 1);
  }

  /// Tells something that is not worth waiting for. To a socket that does not take it at once, as
  /// one that polls between two polls, it is told soon if it is small; else it is dropped.
  void relay(EncodedPacket packet) {
    around
        .loop()
        .execute(() -> {
          if (session != null && relays.size() < MOST_RELAYS) {
            relays.add(packet);
            sendRelays();
          }
        });
  }

  private void sendRelays() {
    while (!relays.isEmpty() && outlet.takesMore()) {
      outlet.send(relays.remove());
    }
    relays.removeIf(packet -> packet.size() > LARGEST_RELAY);
  }

  @Override
  public void wake() {
    if (!waking.get() && waking.compareAndSet(false, true)) {
      around
          .loop()
          .execute(() -> {
            waking.set(false);
            drain(System.nanoTime());
          });
    }
  }

  @Override
  public void grown() {
    if (!watching.get() && watching.compareAndSet(false, true)) {
      wake();
    }
  }

  @Override
  public long needsFrom() {
    return needsFrom;
  }

  @Override
  public void dropped(Reason reason) {
    around
        .loop()
        .execute(() -> {
          if (!closed) {
            close();
            onDropped.dropped(this, reason);
          }
        });
  }

  /// Whether something has happened that it has not told yet, or something is still to come.
  boolean isOwed() {
    var following = session;
    return following != null && (!cursors.isEmpty() || position < following.end());
  }

  /// The ticker's beat.
  void beat(long now) {
    onTicker = false;
    drain(now);
  }

  /// Catches up as far as the socket takes it, and sees to it that it is called again when there is
  /// more.
  void drain(long now) {
    var following = session;
    if (following == null) {
      return;
    }
    watching.set(true);
    boolean more = drainOnce(following, now);
    keepPromises();
    if (!more) {
      watching.set(false);
      more = drainOnce(following, now); // what has grown since the look and before the flag
      if (more) {
        watching.set(true);
      }
      keepPromises();
    }
    if (more && !onTicker && outlet.takesMore()) {
      onTicker = true;
      around.ticker().add(this);
    }
  }

  /// @return whether to look again by itself: something is left, or was sent, so that more can be
  ///   expected
  private boolean drainOnce(Session following, long now) {
    sent = false;
    sendRelays();
    long end =
        following.end(); // before the turns, so that what ended before a message is told before it
    boolean left = false;
    for (var cursor : List.copyOf(cursors.values())) {
      left |= drain(cursor, now);
    }
    while (position < end && outlet.takesMore()) {
      var turns = following.turnsFrom(position);
      if (turns.isEmpty() || !turns.getFirst().mayBeTold()) {
        break; // the session drops who is so far behind, and says when more may be told
      }
      var cursor = begin(turns.getFirst());
      left |= drain(cursor, now);
    }
    boolean paced = pace.mergeNanos() > 0;
    return !outlet.takesMore() || (paced && (left || sent));
  }

  private boolean drain(TurnCursor cursor, long now) {
    boolean left = cursor.drain(counting, now);
    if (cursor.isDone()) {
      cursors.remove(cursor.turn().messageId());
      noteNeeds();
    }
    return left;
  }

  /// Meets the next turn of the log: tells its message, to everybody but its sender, and the
  /// history that waited for it.
  private TurnCursor begin(Turn turn) {
    position++;
    begunSeq = turn.seq() + 1;
    if (turn.origin() instanceof Sending sending && sending.isBy(outlet)) {
      sending.tellSaved(turn);
    } else if (history == null) {
      counting.send(ServerEvents.userMessage(turn));
    }
    tellHistory(List.of(turn.toRecord()));
    return follow(turn, Map.of());
  }
}
