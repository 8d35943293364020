package dev.askape.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door to the domain. Safe for any thread; calls that need the store block, so they are made
/// on virtual threads.
///
/// Everything is asked on behalf of an [Asker], and refused alike whether a session is somebody
/// else's or not there. [StorageException] when the store cannot say.
public final class Chat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chat.class);

  private final ConversationStore store;
  private final ChatSettings settings;
  private final Models models;

  private final InstantSource clock;
  private final Sessions sessions;
  private final Turns turns;
  private final Housekeeping housekeeping;

  public Chat(
      ConversationStore store,
      Models models,
      TokenCounter tokens,
      ChatSettings settings,
      InstantSource clock) {
    this.store = store;
    this.settings = settings;
    this.models = models;

    this.clock = clock;
    this.sessions = new Sessions(store, clock, settings.liveSessions());
    this.turns = new Turns(store, models, tokens, settings, clock);
    this.housekeeping = new Housekeeping(sessions, turns, settings, clock);
  }

  public Models models() {
    return models;
  }

  /// Whether what is accepted now goes to MongoDB.
  public boolean usesDatabase() {
    return store.durability() == ConversationStore.Durability.DATABASE;
  }

  /// Makes the viewer follow a session, from this moment on. A session that nobody has becomes the
  /// asker's. Joining again starts anew.
  public JoinResult join(SessionId id, Asker asker, SessionViewer viewer) {
    try {
      return sessions
          .use(id, session -> join(session, asker, viewer))
          .orElseGet(() -> new JoinResult.Refused(new Refusal.Busy()));
    } catch (StoreAwayException e) {
      LOG.warn("session={} not joined: {}", id, e.getMessage());
      return new JoinResult.Refused(new Refusal.Busy());
    }
  }

  private JoinResult join(Session session, Asker asker, SessionViewer viewer) {
    session.claim(asker, clock.instant());
    return reach(session, asker)
        ? session.follow(viewer, asker)
        : new JoinResult.Refused(new Refusal.Forbidden());
  }

  /// The viewer's client asks as somebody else from now on, if that one may reach the session too.
  public void identify(SessionId id, SessionViewer viewer, Asker asker) {
    sessions.find(id).ifPresent(session -> session.identify(viewer, asker));
  }

  /// Makes the viewer follow it no more. Never fails.
  public void leave(SessionId id, SessionViewer viewer) {
    sessions.find(id).ifPresent(session -> session.unfollow(viewer, clock.instant()));
  }

  /// Takes a message and lets its turn run. When this returns [PostResult.Accepted], the message is
  /// as durable as the turn says. A store that cannot say is one that could not take it.
  public PostResult post(Post post) {
    try {
      return postTo(post);
    } catch (StoreAwayException e) {
      LOG.warn("session={} message refused: {}", post.sessionId(), e.getMessage());
      return new PostResult.Refused(new Refusal.Busy());
    } catch (StorageException e) {
      LOG.error("session={} message not stored: {}", post.sessionId(), e.getMessage());
      return new PostResult.Refused(new Refusal.NotSaved());
    }
  }

  private PostResult postTo(Post post) {
    return sessions
        .use(
            post.sessionId(),
            session -> {
              session.claim(post.asker(), clock.instant());
              return reach(session, post.asker())
                  ? turns.post(session, post)
                  : new PostResult.Refused(new Refusal.Forbidden());
            })
        .orElseGet(() -> new PostResult.Refused(new Refusal.Busy()));
  }

  /// The newest `limit` entries before `before`, or of all; always whole turns, so that there may
  /// be one entry more.
  public Result<HistoryPage> history(
      SessionId id, Asker asker, Optional<MessageId> before, int limit) {
    return reached(id, asker, session -> history(session, before, limit));
  }

  private Result<HistoryPage> history(Session session, Optional<MessageId> before, int limit) {
    long beforeSeq = Long.MAX_VALUE;
    if (before.isPresent()) {
      var pivot = findTurn(session, before.get());
      if (pivot.isEmpty()) {
        return new Result.Refused<>(new Refusal.NotFound());
      }
      beforeSeq = pivot.get().seq();
    }
    return new Result.Ok<>(page(session, beforeSeq, limit));
  }

  /// What was said in a joined session up to the moment of joining, at most the last `limit`
  /// entries.
  public List<TurnRecord> historyAt(JoinResult.Joined joined, int limit) {
    return joined.lastSeq() == 0
        ? List.of()
        : page(joined.session(), joined.lastSeq() + 1, limit).turns();
  }

  private HistoryPage page(Session session, long beforeSeq, int limit) {
    var kept = session.kept();
    if (kept.isEmpty()) {
      return new HistoryPage(kept, List.of(), false);
    }
    var recent =
        RecentTurns.read(store, session.id(), beforeSeq, (limit + 1) / 2, settings.historyChars());
    var turns = recent.turns().stream().map(turn -> live(session, turn)).toList();
    return new HistoryPage(kept, turns, recent.hasMore());
  }

  /// A turn in memory knows more of itself than the store does.
  private static TurnRecord live(Session session, TurnRecord turn) {
    return session.findTurn(turn.messageId()).map(Turn::toRecord).orElse(turn);
  }

  private Optional<TurnRecord> findTurn(Session session, MessageId id) {
    return session.findTurn(id).map(Turn::toRecord).or(() -> store.findTurn(session.id(), id));
  }

  /// Stops one answer of a turn, or all. Done before, it changes nothing.
  ///
  /// @return the turn, if it runs: its viewers are about to hear of the end
  public Result<Optional<Turn>> stop(
      SessionId id, Asker asker, MessageId turn, Optional<ModelId> model) {
    return reached(
        id,
        asker,
        session -> {
          var running = turns.stop(session, turn, model);
          return running.isPresent() || findTurn(session, turn).isPresent()
              ? new Result.Ok<>(running)
              : new Result.Refused<>(new Refusal.NotFound());
        });
  }

  /// Who follows a session that the asker may reach.
  public Result<List<SessionViewer>> viewers(SessionId id, Asker asker) {
    return reached(id, asker, session -> new Result.Ok<>(session.viewers()));
  }

  /// Deletes everything of a session; running answers are stopped, viewers told.
  public Result<Boolean> delete(SessionId id, Asker asker) {
    return reached(id, asker, this::delete);
  }

  /// Deletes on behalf of the session's owner.
  public Result<Boolean> deleteAsOwner(SessionId id) {
    return store
        .findSession(id)
        .<Result<Boolean>>map(session -> delete(id, new Asker(session.owner())))
        .orElseGet(() -> new Result.Refused<>(new Refusal.NotFound()));
  }

  private Result<Boolean> delete(Session session) {
    session.posting.lock();
    try {
      if (session.kept().isEmpty()) {
        return new Result.Refused<>(new Refusal.NotFound());
      }
      store.deleteSession(session.id());
      session.delete();
      sessions.forget(session);
    } finally {
      session.posting.unlock();
    }
    session.running().forEach(turn -> turns.stop(session, turn.messageId(), Optional.empty()));
    return new Result.Ok<>(true);
  }

  /// Deletes a guest's session that was last active before `before` and in which nothing runs.
  boolean expire(SessionId id, Instant before) {
    return sessions
        .use(
            id,
            session ->
                session.kept().filter(kept -> isExpired(kept, before)).isPresent()
                    && session.running().isEmpty()
                    && delete(session) instanceof Result.Ok)
        .orElse(false);
  }

  private static boolean isExpired(SessionRecord session, Instant before) {
    return session.owner() instanceof Party.Guest && session.updatedAt().isBefore(before);
  }

  /// Somebody's sessions that have a message, newest activity first.
  public List<SessionRecord> sessionsOf(Asker asker, Optional<Instant> before, int limit) {
    return store.listSessions(asker.parties(), before, limit);
  }

  /// A session's record and all of its turns, at most `limit` entries before `before`, on behalf of
  /// its owner when no asker is given.
  public Result<HistoryPage> transcript(
      SessionId id, Optional<Asker> asker, Optional<MessageId> before, int limit) {
    var who = asker.or(() -> store.findSession(id).map(session -> new Asker(session.owner())));
    return who.map(a -> history(id, a, before, limit))
        .orElseGet(() -> new Result.Refused<>(new Refusal.NotFound()));
  }

  /// What somebody has used, and how that stands to the budget he has.
  public UsageReport usage(Party party) {
    return UsageReport.of(
        store.account(party), settings.budgets().of(party), Budget.dayOf(clock.instant()));
  }

  /// What the answers of a session have used.
  public Result<UsageSum> usage(SessionId id, Asker asker) {
    return reached(
        id,
        asker,
        session ->
            session.kept().isPresent()
                ? new Result.Ok<>(store.usageOf(id))
                : new Result.Refused<>(new Refusal.NotFound()));
  }

  private <T> Result<T> reached(SessionId id, Asker asker, Function<Session, Result<T>> action) {
    Supplier<Result<T>> busy = () -> new Result.Refused<>(new Refusal.Busy());
    return sessions
        .use(
            id,
            session ->
                reach(session, asker)
                    ? action.apply(session)
                    : new Result.Refused<T>(new Refusal.Forbidden()))
        .orElseGet(busy);
  }

  /// Whether the asker may; what a user reaches of his guest's becomes his.
  private boolean reach(Session session, Asker asker) {
    if (!session.mayReach(asker)) {
      return false;
    }
    if (asker.formerly().isPresent()) {
      takeOver(session, asker);
    }
    return true;
  }

  private void takeOver(Session session, Asker asker) {
    session.posting.lock(); // a message that is being accepted writes the owner too
    try {
      session
          .guestOf(asker)
          .ifPresent(guest -> {
            session.kept().ifPresent(_ -> store.changeOwner(session.id(), guest, asker.party()));
            session.changeOwner(asker.party()); // after the store, which may fail
            session.dropWhoMayNotReach();
          });
    } finally {
      session.posting.unlock();
    }
  }

  /// Takes no new turns; gives running ones so much time and ends the rest as interrupted, which is
  /// stored and told.
  public void drain(Duration grace) {
    turns.drain(grace);
  }

  /// How many answers run.
  public int runningAnswers() {
    return turns.runningAnswers();
  }

  @Override
  public void close() {
    housekeeping.close();
    turns.close();
  }
}
