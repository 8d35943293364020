package dev.askape.bench.faults;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Halts before or after a write.
final class HaltingStore implements ConversationStore {
  private final ConversationStore inner;
  private final Halt halt;
  private final AtomicInteger ends = new AtomicInteger();

  HaltingStore(ConversationStore inner, Halt halt) {
    this.inner = inner;
    this.halt = halt;
  }

  @Override
  public Accepted accept(SessionRecord session, TurnRecord turn, Reservation reservation) {
    halt.at(Point.BEFORE_ACCEPT);
    var accepted = inner.accept(session, turn, reservation);
    halt.at(Point.ACCEPTED);
    halt.soonAt(Point.BEING_TOLD);
    return accepted;
  }

  @Override
  public boolean checkpoint(MessageId turn, long epoch, List<AnswerPart> parts) {
    halt.at(Point.BEFORE_CHECKPOINT);
    boolean written = inner.checkpoint(turn, epoch, parts);
    halt.at(Point.AFTER_CHECKPOINT);
    return written;
  }

  @Override
  public boolean endAnswer(MessageId turn, long epoch, AnswerRecord answer) {
    halt.at(Point.BEFORE_END);
    boolean draining = answer.state() == AnswerState.INTERRUPTED;
    if (draining && ThreadLocalRandom.current().nextBoolean()) {
      halt.at(Point.DRAIN);
    }
    boolean written = inner.endAnswer(turn, epoch, answer);
    halt.at(Point.AFTER_END);
    if (draining) {
      halt.at(Point.DRAIN);
    }
    if (ends.incrementAndGet() == 2) {
      halt.at(Point.BEFORE_TURN_END);
    }
    return written;
  }

  @Override
  public Durability durability() {
    return inner.durability();
  }

  @Override
  public Durability durability(MessageId turn) {
    return inner.durability(turn);
  }

  @Override
  public Optional<SessionRecord> findSession(SessionId id) {
    return inner.findSession(id);
  }

  @Override
  public List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit) {
    return inner.listSessions(owners, before, limit);
  }

  @Override
  public List<SessionId> listSessionIds(Optional<SessionId> after, int limit) {
    return inner.listSessionIds(after, limit);
  }

  @Override
  public List<SessionId> listIdleGuestSessions(Instant before, int limit) {
    return inner.listIdleGuestSessions(before, limit);
  }

  @Override
  public Optional<TurnRecord> findByClientMessageId(
      SessionId session, Party sender, ClientMessageId id) {
    return inner.findByClientMessageId(session, sender, id);
  }

  @Override
  public Optional<TurnRecord> findTurn(SessionId session, MessageId id) {
    return inner.findTurn(session, id);
  }

  @Override
  public List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit) {
    return inner.listTurns(session, beforeSeq, limit);
  }

  @Override
  public AccountRecord account(Party party) {
    return inner.account(party);
  }

  @Override
  public UsageSum usageOf(SessionId session) {
    return inner.usageOf(session);
  }

  @Override
  public void changeOwner(SessionId session, Party from, Party to) {
    inner.changeOwner(session, from, to);
  }

  @Override
  public boolean deleteSession(SessionId session) {
    return inner.deleteSession(session);
  }

  @Override
  public int interruptRunning(Instant now) {
    return inner.interruptRunning(now);
  }

  @Override
  public long lease() {
    return inner.lease();
  }

  @Override
  public boolean holds(SessionId session, MessageId turn, long epoch) {
    return inner.holds(session, turn, epoch);
  }

  @Override
  public void close() {
    inner.close();
  }
}
