package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A real store in which each kind of call can be made to fail or to wait, and which remembers what
/// it was given. Safe for any thread.
public final class WatchedStore implements ConversationStore {
  /// The calls that can be told to fail or to wait.
  public enum Call {
    FIND_SESSION,
    ACCEPT,
    FIND_REPEATED,
    LIST_TURNS,
    CHECKPOINT,
    END_ANSWER,
    CHANGE_OWNER,
    DELETE
  }

  private final ConversationStore store;
  private final Map<Call, AtomicInteger> failures = new ConcurrentHashMap<>();
  private final Map<Call, RuntimeException> bugs = new ConcurrentHashMap<>();
  private final Map<Call, Hold> holds = new ConcurrentHashMap<>();
  private final Map<Call, AtomicInteger> made = new ConcurrentHashMap<>();
  private final List<AnswerPart> parts = new CopyOnWriteArrayList<>();
  private final List<Call> madeWhileInterrupted = new CopyOnWriteArrayList<>();
  private final List<AnswerId> ended = new CopyOnWriteArrayList<>();

  public WatchedStore(ConversationStore store) {
    this.store = store;
  }

  /// Makes the next calls of a kind fail, so often.
  public void fail(Call call, int times) {
    failures.put(call, new AtomicInteger(times));
  }

  /// Makes the next call of a kind fail as it never should.
  public void fail(Call call, RuntimeException bug) {
    bugs.put(call, bug);
  }

  /// Makes every call of a kind wait until the hold is closed.
  Hold hold(Call call) {
    var hold = new Hold();
    holds.put(call, hold);
    return hold;
  }

  /// How many calls of a kind were made, also ones that failed.
  int made(Call call) {
    return made.getOrDefault(call, new AtomicInteger()).get();
  }

  /// What checkpoints have brought, in order.
  List<AnswerPart> parts() {
    return parts;
  }

  /// The answers whose end the store has, in the order in which it took them.
  List<AnswerId> ended() {
    return ended;
  }

  List<Call> madeWhileInterrupted() {
    return madeWhileInterrupted;
  }

  /// Keeps calls waiting.
  static final class Hold implements AutoCloseable {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /// Returns when a call waits.
    void awaitReached() {
      try {
        assertThat(reached.await(ScriptedModel.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    private void pass() {
      reached.countDown();
      try {
        if (!open.await(60, TimeUnit.SECONDS)) {
          throw new StorageException("held for too long");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StorageException("interrupted", e);
      }
    }

    /// Lets them go on.
    void release() {
      open.countDown();
    }

    @Override
    public void close() {
      release();
    }
  }

  private void enter(Call call) {
    made.computeIfAbsent(call, _ -> new AtomicInteger()).incrementAndGet();
    if (Thread.currentThread().isInterrupted()) {
      madeWhileInterrupted.add(call);
    }
    var hold = holds.get(call);
    if (hold != null) {
      hold.pass();
    }
    var bug = bugs.remove(call);
    if (bug != null) {
      throw bug;
    }
    var left = failures.get(call);
    if (left != null && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new StorageException("told to fail");
    }
  }

  @Override
  public Durability durability() {
    return store.durability();
  }

  @Override
  public Optional<SessionRecord> findSession(SessionId id) {
    enter(Call.FIND_SESSION);
    return store.findSession(id);
  }

  @Override
  public List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit) {
    return store.listSessions(owners, before, limit);
  }

  @Override
  public List<SessionId> listSessionIds(Optional<SessionId> after, int limit) {
    return store.listSessionIds(after, limit);
  }

  @Override
  public Durability durability(MessageId turn) {
    return store.durability(turn);
  }

  @Override
  public List<SessionId> listIdleGuestSessions(Instant before, int limit) {
    return store.listIdleGuestSessions(before, limit);
  }

  @Override
  public Accepted accept(SessionRecord session, TurnRecord turn, Reservation reservation) {
    enter(Call.ACCEPT);
    return store.accept(session, turn, reservation);
  }

  @Override
  public AccountRecord account(Party party) {
    return store.account(party);
  }

  @Override
  public UsageSum usageOf(SessionId session) {
    return store.usageOf(session);
  }

  @Override
  public Optional<TurnRecord> findByClientMessageId(
      SessionId session, Party sender, ClientMessageId id) {
    enter(Call.FIND_REPEATED);
    return store.findByClientMessageId(session, sender, id);
  }

  @Override
  public Optional<TurnRecord> findTurn(SessionId session, MessageId id) {
    return store.findTurn(session, id);
  }

  @Override
  public List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit) {
    enter(Call.LIST_TURNS);
    return store.listTurns(session, beforeSeq, limit);
  }

  @Override
  public boolean checkpoint(MessageId turn, long epoch, List<AnswerPart> newParts) {
    enter(Call.CHECKPOINT);
    boolean kept = store.checkpoint(turn, epoch, newParts);
    parts.addAll(newParts);
    return kept;
  }

  @Override
  public boolean endAnswer(MessageId turn, long epoch, AnswerRecord answer) {
    enter(Call.END_ANSWER);
    boolean kept = store.endAnswer(turn, epoch, answer);
    ended.add(answer.id());
    return kept;
  }

  @Override
  public void changeOwner(SessionId session, Party from, Party to) {
    enter(Call.CHANGE_OWNER);
    store.changeOwner(session, from, to);
  }

  @Override
  public boolean deleteSession(SessionId session) {
    enter(Call.DELETE);
    return store.deleteSession(session);
  }

  @Override
  public int interruptRunning(Instant now) {
    return store.interruptRunning(now);
  }

  @Override
  public void close() {
    store.close();
  }
}
