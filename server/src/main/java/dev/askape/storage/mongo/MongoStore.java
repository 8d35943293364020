package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.number;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
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
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import dev.askape.storage.mongo.AnswerWrites.Written;
import dev.askape.storage.mongo.KnownTurns.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.bson.Document;

/// Keeps conversations in MongoDB. Safe for any thread; calls wait, for at most
/// [MongoSettings#operationTimeout] and half a second.
///
/// What it was asked to write and answered with a [StorageException] may have been written all the
/// same, when the answer of MongoDB was lost. Asking it again for the same, also much later, does
/// it once: a message is known by its own id.
public final class MongoStore implements ConversationStore {
  /// Indexes of a database with much in it take their time.
  private static final Duration INDEXING = Duration.ofMinutes(5);

  private static final Duration LEAVING = Duration.ofSeconds(1);

  private final MongoClient client;
  private final Calls calls;
  private final Presence presence;
  private final Tenure tenure;
  private final Sweep sweep;
  private final KnownTurns turns = new KnownTurns();
  private final ReentrantLock preparing = new ReentrantLock();
  private final Duration callTime;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean prepared;

  private MongoStore(
      MongoSettings settings,
      UnaryOperator<MongoClientSettings.Builder> driver,
      Predicate<SessionId> sweepable) {
    callTime = settings.operationTimeout();
    client = MongoClients.create(driver.apply(Driver.settings(settings)).build());
    calls =
        new Calls(
            client.getDatabase(settings.database()),
            settings.operationTimeout(),
            settings.maxCalls());
    presence = new Presence(settings.node(), settings.lease());
    tenure = new Tenure(settings.lease(), System::nanoTime);
    sweep = new Sweep(calls, presence, tenure, sweepable, this::prepare, settings.heartbeat());
  }

  /// Connects, and makes what is missing in the database. May wait for a server as long as a call
  /// may, and for indexes five minutes.
  ///
  /// @throws StorageException with one line that says what is wrong
  public static MongoStore open(MongoSettings settings) {
    return open(settings, UnaryOperator.identity());
  }

  static MongoStore open(
      MongoSettings settings, UnaryOperator<MongoClientSettings.Builder> driver) {
    var store = opened(settings, driver);
    store.sweep.start();
    return store;
  }

  /// The same for a command that works beside the server: what runs in the database is not its
  /// business, however long nothing was heard of that one.
  public static MongoStore openBeside(MongoSettings settings) {
    return opened(settings, UnaryOperator.identity());
  }

  private static MongoStore opened(
      MongoSettings settings, UnaryOperator<MongoClientSettings.Builder> driver) {
    var store = new MongoStore(settings, driver, _ -> true);
    boolean opened = false;
    try {
      store.prepare();
      opened = true;
    } finally {
      if (!opened) {
        store.close();
      }
    }
    return store;
  }

  /// The same without waiting for MongoDB, which may be away: what is missing is made when it is
  /// there, before the first call gets through.
  ///
  /// @param sweepable whether what runs in a session may be ended with what MongoDB has of it;
  ///   asked again later when not
  public static MongoStore connect(MongoSettings settings, Predicate<SessionId> sweepable) {
    var store = new MongoStore(settings, UnaryOperator.identity(), sweepable);
    store.sweep.start();
    return store;
  }

  /// Makes what is missing in the database, unless that was done. Calls do it by themselves.
  ///
  /// @throws StorageException with one line that says what is wrong
  public void prepare() {
    if (prepared) {
      return;
    }
    calls.call(
        "the database cannot be used",
        round -> round.nodes().find(new Document("_id", "")).first() == null);
    lockPreparing();
    try {
      if (!prepared) {
        calls.call(
            "the database cannot be used",
            INDEXING,
            round -> {
              Schema.prepare(round);
              return presence.beat(round);
            });
        prepared = true;
      }
    } finally {
      preparing.unlock();
    }
  }

  /// Who comes while another one prepares waits for it like for any call: the first two at a start
  /// always meet.
  private void lockPreparing() {
    boolean locked = false;
    try {
      locked = preparing.tryLock(callTime.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (!locked) {
      throw new StorageException("MongoDB: its indexes are being made");
    }
  }

  private <T> T call(String what, Function<Round, T> work) {
    prepare();
    return calls.call(what, work);
  }

  @Override
  public Durability durability() {
    return Durability.DATABASE;
  }

  @Override
  public Optional<SessionRecord> findSession(SessionId id) {
    return call("session not read", round -> SessionDocuments.find(round, id));
  }

  @Override
  public List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit) {
    return call(
        "sessions not listed", round -> SessionDocuments.list(round, owners, before, limit));
  }

  /// The ids of sessions that come after one, in an order that does not change.
  @Override
  public List<SessionId> listSessionIds(Optional<SessionId> after, int limit) {
    return call("sessions not listed", round -> SessionDocuments.listIds(round, after, limit));
  }

  /// Sessions of guests that were last active before `before`, the longest ago first.
  @Override
  public List<SessionId> listIdleGuestSessions(Instant before, int limit) {
    return call(
        "sessions not listed", round -> SessionDocuments.listIdleGuests(round, before, limit));
  }

  @Override
  public Accepted accept(SessionRecord session, TurnRecord turn, Reservation reservation) {
    if (!session.id().equals(turn.sessionId())) {
      throw new IllegalArgumentException("a turn of another session");
    }
    turns.remember(turn.messageId(), Known.of(turn));
    return call(
        "message not stored",
        round -> new Acceptance(round, session, turn, reservation, presence.process()).accept());
  }

  @Override
  public Optional<TurnRecord> findByClientMessageId(
      SessionId session, Party sender, ClientMessageId id) {
    return call(
        "message not read",
        round -> TurnDocuments.findByKey(round, session, TurnDocuments.key(sender, id)));
  }

  @Override
  public Optional<TurnRecord> findTurn(SessionId session, MessageId id) {
    return call("message not read", round -> TurnDocuments.find(round, session, id));
  }

  @Override
  public List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit) {
    return call("messages not read", round -> TurnDocuments.list(round, session, beforeSeq, limit));
  }

  @Override
  public boolean checkpoint(MessageId turn, long epoch, List<AnswerPart> parts) {
    var copy = List.copyOf(parts);
    return writing("checkpoint not stored", turn, epoch, (_, writes) -> writes.append(copy));
  }

  @Override
  public boolean endAnswer(MessageId turn, long epoch, AnswerRecord answer) {
    if (!answer.state().isTerminal()) {
      throw new IllegalArgumentException("an answer does not end as " + answer.state());
    }
    var used = Map.of(answer.id().value(), answer.usage());
    return writing(
        "answer not stored",
        turn,
        epoch,
        (known, writes) ->
            switch (writes.end(answer)) {
              case Written.Done(var outline) -> {
                // booked before the turn is over: until then a sweep makes up for what is missing
                new Accounts(writes.round()).book(known, used);
                writes.finishIfOver(outline);
                yield true;
              }
              case Written.Gone _ -> {
                new Accounts(writes.round()).book(known, used);
                yield false;
              }
              case Written.Lost _ -> false;
            });
  }

  private boolean writing(
      String what, MessageId turn, long epoch, BiFunction<Known, AnswerWrites, Boolean> work) {
    return call(
        what,
        round ->
            turns
                .find(round, turn)
                .map(known -> {
                  round.lock(known.session());
                  return work.apply(known, new AnswerWrites(round, known.session(), turn, epoch));
                })
                .orElse(false));
  }

  @Override
  public AccountRecord account(Party party) {
    return call("account not read", round -> new Accounts(round).find(party));
  }

  @Override
  public UsageSum usageOf(SessionId session) {
    return call("use of a session not read", round -> Accounts.ofSession(round, session));
  }

  @Override
  public void changeOwner(SessionId session, Party from, Party to) {
    call(
        "owner not changed",
        round -> {
          round.lock(session);
          SessionDocuments.changeOwner(round, session, from, to);
          return true;
        });
  }

  @Override
  public boolean deleteSession(SessionId session) {
    return call(
        "session not deleted",
        round -> {
          round.lock(session);
          // The session last: it is what a deletion that was cut short is asked for again by.
          long messages =
              round
                  .messages()
                  .deleteMany(new Document("sessionId", session.value()))
                  .getDeletedCount();
          boolean was = SessionDocuments.delete(round, session);
          return was || messages > 0 || round.isAgain();
        });
  }

  /// Ends what earlier processes of this node left running, what this one did, and what dead ones
  /// of other nodes left. To be called at a start, before anything runs; the rest of the time a
  /// sweep looks for dead processes by itself.
  @Override
  public int interruptRunning(Instant now) {
    prepare();
    return sweep.atStart();
  }

  @Override
  public long lease() {
    return tenure.current();
  }

  @Override
  public boolean holds(SessionId session, MessageId turn, long epoch) {
    return call(
        "owner of a turn not read",
        round ->
            TurnDocuments.findUser(round, session, turn)
                .map(user -> number(TurnDocuments.turn(user), "epoch") <= epoch)
                .orElse(false));
  }

  /// Ends what dead processes left running.
  ///
  /// @return how many answers were ended
  int sweep() {
    prepare();
    return sweep.once();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    sweep.close();
    if (prepared) {
      try {
        calls.call(
            "leaving",
            LEAVING,
            round -> {
              presence.leave(round);
              return true;
            });
      } catch (StorageException _) {
        // then the others wait until the lease has run out
      }
    }
    calls.close();
    client.close();
  }
}
