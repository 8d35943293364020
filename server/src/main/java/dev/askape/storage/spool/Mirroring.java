package dev.askape.storage.spool;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.StoreAwayException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import dev.askape.storage.sqlite.SqliteSpool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what a session needs to go on without the primary store into the spool: its record and
/// its newest turns. And learns which sessions there are, so that a new one can be told from one
/// that is only not here. Safe for any thread.
final class Mirroring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirroring.class);
  private static final int AT_ONCE = 10;
  private static final int IN_BACKGROUND = 4;
  private static final int IDS_AT_ONCE = 1_000;

  private final Primary primary;
  private final SqliteSpool spool;
  private final SpoolSettings settings;
  private final ConcurrentHashMap<SessionId, ReentrantLock> filling = new ConcurrentHashMap<>();
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore free = new Semaphore(IN_BACKGROUND);

  private record Snapshot(
      SessionRecord session, List<TurnRecord> turns, long fromSeq, UsageSum usage) {}

  Mirroring(Primary primary, SqliteSpool spool, SpoolSettings settings) {
    this.primary = primary;
    this.spool = spool;
    this.settings = settings;
  }

  /// Learns all ids that the primary store has, as soon as it answers.
  void learnSessions() {
    background.execute(() -> {
      var after = Optional.<SessionId>empty();
      long pause = settings.firstRetry().toMillis();
      try {
        while (true) {
          var from = after;
          var reply = primary.insist(store -> store.listSessionIds(from, IDS_AT_ONCE));
          if (reply instanceof Reply.Given<List<SessionId>>(var ids)) {
            if (ids.isEmpty()) {
              spool.mirror().knowAll();
              return;
            }
            spool.mirror().know(ids);
            after = Optional.of(ids.getLast());
            pause = settings.firstRetry().toMillis();
          } else {
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(2 * pause, settings.lastRetry().toMillis());
          }
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (StorageException e) {
        LOG.warn("which sessions there are could not be learnt: {}", e.getMessage());
      }
    });
  }

  /// Mirrors a session soon, if it is not mirrored as it is.
  void later(SessionRecord session) {
    if (!free.tryAcquire()) {
      return; // its first message will do it
    }
    background.execute(() -> {
      try {
        if (spool.mirror().lastSeq(session.id()) < session.lastSeq()) {
          fill(session.id(), true);
        }
      } catch (StorageException e) {
        LOG.debug("session={} not mirrored: {}", session.id(), e.getMessage());
      } finally {
        free.release();
      }
    });
  }

  /// Mirrors a session now, if it is not mirrored.
  ///
  /// @return false when there is no such session
  /// @throws StoreAwayException when nobody can say
  boolean now(SessionId session) {
    return fill(session, false);
  }

  /// Mirrors somebody's account, if it is not mirrored and can be; else what he uses counts from
  /// his first message here.
  void account(Party party) {
    if (!primary.isHere() || spool.mirror().hasAccount(party)) {
      return;
    }
    var seen = spool.sessions().account(party);
    if (primary.ask(store -> store.account(party))
        instanceof Reply.Given<AccountRecord>(var there)) {
      spool.mirror().putAccount(party, seen, there);
    }
  }

  private boolean fill(SessionId session, boolean again) {
    var lock = filling.computeIfAbsent(session, _ -> new ReentrantLock());
    lock.lock();
    try {
      if (!again && spool.mirror().findMirroredFrom(session).isPresent()) {
        return true;
      }
      long seenSeq = spool.mirror().lastSeq(session);
      return switch (read(session)) {
        case Reply.Given<Optional<Snapshot>>(var snapshot) -> {
          snapshot.ifPresent(it ->
              spool.mirror().put(it.session(), it.turns(), it.fromSeq(), it.usage(), seenSeq));
          yield snapshot.isPresent();
        }
        case Reply.Away<Optional<Snapshot>> _, Reply.Refused<Optional<Snapshot>> _ -> {
          if (spool.mirror().isNew(session)) {
            yield false;
          }
          if (spool.mirror().findMirroredFrom(session).isPresent()) {
            yield true; // it was new a moment ago
          }
          throw new StoreAwayException(
              "session " + session + " is not mirrored here, and its store is away");
        }
      };
    } finally {
      lock.unlock();
      filling.remove(session, lock);
    }
  }

  private Reply<Optional<Snapshot>> read(SessionId session) {
    return primary.askForMuch(store -> store.findSession(session).map(it -> read(store, it)));
  }

  private Snapshot read(ConversationStore store, SessionRecord session) {
    var usage = store.usageOf(session.id());
    var newestFirst = new ArrayList<TurnRecord>();
    long before = Long.MAX_VALUE;
    long chars = 0;
    while (newestFirst.size() < settings.context() && chars <= settings.contextChars()) {
      var some = store.listTurns(session.id(), before, AT_ONCE);
      for (var turn : some.reversed()) {
        newestFirst.add(turn);
        chars += length(turn);
      }
      if (some.size() < AT_ONCE) {
        return new Snapshot(session, newestFirst.reversed(), 1, usage);
      }
      before = some.getFirst().seq();
    }
    return new Snapshot(session, newestFirst.reversed(), before, usage);
  }

  private static long length(TurnRecord turn) {
    return turn.content().length()
        + turn.answers().stream()
            .mapToLong(answer -> answer.content().length() + answer.reasoning().length())
            .sum();
  }

  @Override
  public void close() {
    background.shutdownNow();
    try {
      background.awaitTermination(Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
