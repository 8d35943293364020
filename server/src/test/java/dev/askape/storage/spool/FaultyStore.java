package dev.askape.storage.spool;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.askape.chat.AccountRecord;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A store far away: it can be made to fail in every way that a database over a network fails. Safe
/// for any thread.
public final class FaultyStore implements ConversationStore {
  /// What goes wrong with a call.
  public enum Fault {
    NONE,
    /// Nobody listens.
    REFUSE,
    /// The connection is reset before the call arrives.
    RESET,
    /// The call is done, and the answer is lost.
    LOSE_ANSWER,
    /// Nothing happens until the store wakes up, and then the call is done.
    HANG,
    /// The call is done a little later.
    SLOW,
    /// The connection is reset, and the call waits in a buffer until [#arrive].
    LATE
  }

  private final ConversationStore store;
  private final Set<MessageId> poison = ConcurrentHashMap.newKeySet();
  private final AtomicInteger calls = new AtomicInteger();
  private final ConcurrentLinkedQueue<Supplier<?>> late = new ConcurrentLinkedQueue<>();
  private volatile Supplier<Fault> faults = () -> Fault.NONE;
  private volatile CountDownLatch awake = new CountDownLatch(0);

  public FaultyStore(ConversationStore store) {
    this.store = store;
  }

  /// What is there, whatever goes wrong on the way.
  public ConversationStore inside() {
    return store;
  }

  /// How many calls arrived or should have.
  public int calls() {
    return calls.get();
  }

  /// Every call goes wrong like this, from now on.
  public void set(Fault fault) {
    set(() -> fault);
  }

  /// Each call goes wrong in its own way, from now on.
  ///
  /// @param next asked for each call; any thread
  public void set(Supplier<Fault> next) {
    awake.countDown();
    awake = new CountDownLatch(1);
    faults = next;
  }

  /// Does what is in the buffers.
  ///
  /// @return what came of each
  @CanIgnoreReturnValue
  public List<Object> arrive() {
    var done = new ArrayList<Object>();
    for (var call = late.poll(); call != null; call = late.poll()) {
      done.add(call.get());
    }
    return done;
  }

  /// The store will never take anything of this turn.
  public void refuse(MessageId turn) {
    poison.add(turn);
  }

  private <T> T call(Supplier<T> what) {
    calls.incrementAndGet();
    var sleep = awake;
    switch (faults.get()) {
      case NONE -> {}
      case REFUSE -> throw new StorageException("connection refused");
      case RESET -> throw new StorageException("connection reset");
      case LOSE_ANSWER -> {
        var _ = what.get();
        throw new StorageException("connection reset after the call was done");
      }
      case HANG -> pause(sleep, 60_000);
      case SLOW -> pause(sleep, 5);
      case LATE -> {
        late.add(what);
        throw new StorageException("connection reset, but the call is on its way");
      }
    }
    return what.get();
  }

  private static void pause(CountDownLatch until, long millis) {
    try {
      boolean _ = until.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted", e);
    }
  }

  private <T> T call(MessageId turn, Supplier<T> what) {
    return call(() -> {
      if (poison.contains(turn)) {
        throw new RecordRefusedException("poison", new IllegalArgumentException());
      }
      return what.get();
    });
  }

  @Override
  public Durability durability() {
    return Durability.DATABASE;
  }

  @Override
  public Optional<SessionRecord> findSession(SessionId id) {
    return call(() -> store.findSession(id));
  }

  @Override
  public List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit) {
    return call(() -> store.listSessions(owners, before, limit));
  }

  @Override
  public List<SessionId> listSessionIds(Optional<SessionId> after, int limit) {
    return call(() -> store.listSessionIds(after, limit));
  }

  @Override
  public List<SessionId> listIdleGuestSessions(Instant before, int limit) {
    return call(() -> store.listIdleGuestSessions(before, limit));
  }

  @Override
  public Accepted accept(SessionRecord session, TurnRecord turn, Reservation reservation) {
    return call(turn.messageId(), () -> store.accept(session, turn, reservation));
  }

  @Override
  public AccountRecord account(Party party) {
    return call(() -> store.account(party));
  }

  @Override
  public UsageSum usageOf(SessionId session) {
    return call(() -> store.usageOf(session));
  }

  @Override
  public Optional<TurnRecord> findByClientMessageId(
      SessionId session, Party sender, ClientMessageId id) {
    return call(() -> store.findByClientMessageId(session, sender, id));
  }

  @Override
  public Optional<TurnRecord> findTurn(SessionId session, MessageId id) {
    return call(() -> store.findTurn(session, id));
  }

  @Override
  public List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit) {
    return call(() -> store.listTurns(session, beforeSeq, limit));
  }

  @Override
  public boolean checkpoint(MessageId turn, long epoch, List<AnswerPart> parts) {
    return call(turn, () -> store.checkpoint(turn, epoch, parts));
  }

  @Override
  public boolean endAnswer(MessageId turn, long epoch, AnswerRecord answer) {
    return call(turn, () -> store.endAnswer(turn, epoch, answer));
  }

  @Override
  public void changeOwner(SessionId session, Party from, Party to) {
    call(() -> {
      store.changeOwner(session, from, to);
      return true;
    });
  }

  @Override
  public boolean deleteSession(SessionId session) {
    return call(() -> store.deleteSession(session));
  }

  @Override
  public int interruptRunning(Instant now) {
    return call(() -> store.interruptRunning(now));
  }

  @Override
  public long lease() {
    return store.lease();
  }

  @Override
  public boolean holds(SessionId session, MessageId turn, long epoch) {
    return call(turn, () -> store.holds(session, turn, epoch));
  }

  /// What is inside stays open: it is elsewhere.
  @Override
  public void close() {
    awake.countDown();
  }
}
