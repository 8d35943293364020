package dev.askape.storage.spool;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.StoreAwayException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import dev.askape.storage.sqlite.Confirmed;
import dev.askape.storage.sqlite.SqliteMirror;
import dev.askape.storage.sqlite.SqliteSpool;
import dev.askape.storage.sqlite.SqliteSpool.Known;
import dev.askape.storage.sqlite.SqliteSpool.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A primary store that may go away at any time and come back, with a spool on disk beside it.
/// Every write is in the spool before the primary store is asked, so whatever becomes of that call,
/// the record is safe and can be repeated. Safe for any thread.
public final class FailoverStore implements ConversationStore {
  private static final Logger LOG = LoggerFactory.getLogger(FailoverStore.class);
  private static final Duration WARM_UP = Duration.ofMillis(500);
  private static final Duration AT_START = Duration.ofSeconds(2);

  private final SqliteSpool spool;
  private final Primary primary;
  private final Behind behind = new Behind();
  private final Ownership ownership;
  private final SessionChanges changes;
  private final Mirroring mirroring;
  private final Replay replay;
  private final Replayer replayer;
  private final Confirmations confirmations;
  private final Overlay overlay;
  private volatile boolean closed;

  private FailoverStore(SqliteSpool spool, Primary primary, SpoolSettings settings) {
    this.spool = spool;
    this.primary = primary;
    this.mirroring = new Mirroring(primary, spool, settings);
    this.replay = new Replay(primary, spool, behind, settings);
    this.ownership = new Ownership(primary, spool, behind);
    this.replayer = new Replayer(primary, spool, replay, settings);
    this.changes = new SessionChanges(primary, spool, behind, mirroring, replayer);
    this.confirmations = new Confirmations(some -> spool.confirm(some, true));
    this.overlay = new Overlay(primary, spool, behind, mirroring);
  }

  /// Opens the two as one; the primary store may be away. Looks for it first, for a few seconds.
  /// This owns both.
  ///
  /// @param name names the primary store, without secrets; one spool serves one
  /// @param opening opens the primary store, when it is first needed and until it succeeds
  public static FailoverStore open(
      SqliteSpool spool, String name, Supplier<ConversationStore> opening, SpoolSettings settings) {
    spool.dedicate(name);
    var store = new FailoverStore(spool, new Primary(opening, name, settings), settings);
    store.start();
    return store;
  }

  private void start() {
    spool.listSpooledMessages().forEach(behind::addMessage);
    leaveAllToReplay();
    primary.look(WARM_UP);
    replayer.start();
    mirroring.learnSessions();
  }

  private void leaveAllToReplay() {
    var spooled = spool.listSpooledSessions();
    spooled.forEach(behind::add);
    replayer.addAll(spooled);
  }

  /// Whether the primary store answers.
  public boolean isPrimaryHere() {
    return primary.isHere();
  }

  /// Whether it is known which sessions there are, so that new ones can be told while the primary
  /// store is away.
  public boolean knowsSessions() {
    return spool.mirror().knowsAll();
  }

  SqliteMirror mirror() {
    return spool.mirror();
  }

  /// What is spooled.
  public SqliteSpool.Size spooled() {
    return spool.size();
  }

  /// Waits until the primary store has everything.
  ///
  /// @return false when that was not reached in time
  public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
    return replayer.awaitNone(atMost);
  }

  @Override
  public Durability durability() {
    return primary.isHere() ? Durability.DATABASE : spool.sessions().durability();
  }

  @Override
  public Durability durability(MessageId turn) {
    return behind.hasMessage(turn) ? spool.sessions().durability() : Durability.DATABASE;
  }

  @Override
  public Optional<SessionRecord> findSession(SessionId id) {
    refuseWhenClosed();
    return overlay.findSession(id);
  }

  @Override
  public List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit) {
    refuseWhenClosed();
    return overlay.listSessions(owners, before, limit);
  }

  @Override
  public List<SessionId> listSessionIds(Optional<SessionId> after, int limit) {
    refuseWhenClosed();
    return overlay.listSessionIds(after, limit);
  }

  @Override
  public List<SessionId> listIdleGuestSessions(Instant before, int limit) {
    refuseWhenClosed();
    return overlay.listIdleGuestSessions(before, limit);
  }

  @Override
  public Optional<TurnRecord> findTurn(SessionId session, MessageId id) {
    refuseWhenClosed();
    return overlay.findTurn(session, id);
  }

  @Override
  public Optional<TurnRecord> findByClientMessageId(
      SessionId session, Party sender, ClientMessageId id) {
    refuseWhenClosed();
    return overlay.findByClientMessageId(session, sender, id);
  }

  @Override
  public List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit) {
    refuseWhenClosed();
    return overlay.listTurns(session, beforeSeq, limit);
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new StorageException("The store is closed");
    }
  }

  @Override
  public Accepted accept(SessionRecord session, TurnRecord turn, Reservation reservation) {
    refuseWhenClosed();
    mirroring.account(turn.sender());
    behind.addMessage(turn.messageId());
    boolean spooled = false;
    try {
      var taken = spool.accept(session, turn, reservation, Known.AS_MIRRORED);
      if (taken instanceof Taken.NotMirrored) {
        taken = spool.accept(session, turn, reservation, mirroring.renew(session.id()));
      }
      var outcome =
          switch (taken) {
            case Taken.By(var by) -> by;
            case Taken.Full _ -> throw new StorageException("the spool is full");
            case Taken.NotMirrored _ ->
                throw new StoreAwayException("session " + session.id() + " is not mirrored");
          };
      spooled = outcome instanceof Accepted.New;
      return spooled ? accepted(session, turn, reservation) : outcome;
    } finally {
      if (!spooled) {
        behind.confirmed(turn.messageId());
      }
    }
  }

  /// Gives a message that is spooled to the primary store, unless that one lacks an earlier one.
  private Accepted accepted(SessionRecord session, TurnRecord turn, Reservation reservation) {
    if (behind.has(session.id())) {
      replayer.add(session.id());
      return new Accepted.New();
    }
    return switch (primary.ask(store -> Pushed.to(store, session, turn, reservation))) {
      case Reply.Given<Pushed>(Pushed.Taken _) -> {
        behind.confirmed(turn.messageId());
        confirmations.add(new Confirmed(turn.messageId(), Optional.empty()));
        yield new Accepted.New();
      }
      case Reply.Given<Pushed>(Pushed.Repeated(var first)) -> {
        takeBack(turn);
        yield new Accepted.Repeated(first);
      }
      case Reply.Given<Pushed>(Pushed.OverBudget over) -> {
        takeBack(turn);
        LOG.debug("turn={} {}", turn.messageId(), over);
        yield new Accepted.OverBudget();
      }
      case Reply.Given<Pushed>(Pushed.Refused(var reason)) -> {
        takeBack(turn);
        throw new StorageException(reason);
      }
      case Reply.Refused<Pushed>(var reason) -> {
        takeBack(turn);
        throw new StorageException(reason);
      }
      case Reply.Given<Pushed>(Pushed.PlaceTaken _) -> leave(session.id(), "has grown elsewhere");
      case Reply.Away<Pushed>(var why) -> leave(session.id(), why);
    };
  }

  private void takeBack(TurnRecord turn) {
    spool.takeBack(turn);
    behind.confirmed(turn.messageId());
  }

  private Accepted leave(SessionId session, String why) {
    leaveToReplay(session, why);
    return new Accepted.New();
  }

  private void leaveToReplay(SessionId session, String why) {
    LOG.debug("session={} is spooled: {}", session, why);
    behind.add(session);
    replayer.add(session);
  }

  @Override
  public boolean checkpoint(MessageId turn, long epoch, List<AnswerPart> parts) {
    refuseWhenClosed();
    var session = spool.findSessionOf(turn);
    if (session.isEmpty() || !spool.sessions().checkpoint(turn, epoch, parts)) {
      return false;
    }
    if (behind.has(session.get())) {
      return true; // repeated whole once it has caught up
    }
    if (primary.ask(store -> store.checkpoint(turn, epoch, parts))
        instanceof Reply.Given<Boolean>(var kept)) {
      return kept || ownership.lost(session.get());
    }
    leaveToReplay(session.get(), "a part was not taken");
    return true;
  }

  @Override
  public boolean endAnswer(MessageId turn, long epoch, AnswerRecord answer) {
    refuseWhenClosed();
    if (!answer.state().isTerminal()) {
      throw new IllegalArgumentException("an answer does not end as " + answer.state());
    }
    var ended = spool.endAnswer(turn, epoch, answer);
    if (ended.session().isEmpty()) {
      // Deleted; what it has used is booked all the same, or by the next start.
      var _ = primary.ask(store -> store.endAnswer(turn, epoch, answer));
      return false;
    }
    if (!ended.kept()) {
      return false;
    }
    var session = ended.session().get();
    if (behind.has(session)) {
      replayer.add(session);
      return true;
    }
    return switch (primary.ask(store -> store.endAnswer(turn, epoch, answer))) {
      case Reply.Given<Boolean>(var kept) -> {
        var end = new Confirmed(turn, Optional.of(answer.id()));
        yield kept ? confirmations.add(end) : ownership.lost(session, end);
      }
      case Reply.Refused<Boolean>(var reason) -> {
        replay.bury(session, turn, answer, reason);
        yield false;
      }
      case Reply.Away<Boolean>(var why) -> {
        leaveToReplay(session, why);
        yield true;
      }
    };
  }

  @Override
  public AccountRecord account(Party party) {
    refuseWhenClosed();
    return overlay.account(party);
  }

  @Override
  public UsageSum usageOf(SessionId session) {
    refuseWhenClosed();
    return overlay.usageOf(session);
  }

  @Override
  public void changeOwner(SessionId session, Party from, Party to) {
    refuseWhenClosed();
    changes.changeOwner(session, from, to);
  }

  @Override
  public boolean deleteSession(SessionId session) {
    refuseWhenClosed();
    return changes.delete(session);
  }

  /// What ran here is ended in the spool at once and repeated to the primary store; what ran there
  /// without a trace here only if it is there to be asked.
  @Override
  public int interruptRunning(Instant now) {
    refuseWhenClosed();
    int answers = spool.interruptRunning();
    leaveAllToReplay();
    try {
      if (!replayer.awaitNone(AT_START)) {
        return answers;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return answers;
    }
    return primary.insist(store -> store.interruptRunning(now))
            instanceof Reply.Given<Integer>(var more)
        ? answers + more
        : answers;
  }

  @Override
  public long lease() {
    return primary.lease();
  }

  @Override
  public boolean holds(SessionId session, MessageId turn, long epoch) {
    return ownership.holds(session, turn, epoch);
  }

  /// Gives up what is under way at the primary store; the spool has it.
  @Override
  public void close() {
    closed = true;
    replayer.close();
    mirroring.close();
    primary.close();
    confirmations.close();
    spool.close();
  }
}
