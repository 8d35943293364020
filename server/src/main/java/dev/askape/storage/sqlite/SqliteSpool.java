package dev.askape.storage.sqlite;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// The disk's side of fail-over: sessions in use as they are in a primary store, and what that one
/// has not confirmed yet. What a session's turns say and what of them is spooled change in one
/// transaction. Safe for any thread; calls wait like those of [SqliteStore].
public final class SqliteSpool implements AutoCloseable {
  private static final int TURNS_PER_INTERRUPTION = 50;
  private static final String PRIMARY = "primary";

  private final SqliteStore store;
  private final SpoolLimits limits;
  private final InstantSource clock;
  private final SqliteMirror mirror;
  private final AtomicLong marks;

  private SqliteSpool(SqliteStore store, SpoolLimits limits, InstantSource clock) {
    this.store = store;
    this.limits = limits;
    this.clock = clock;
    store.write(SpoolSchema::create);
    this.mirror = new SqliteMirror(store, limits, clock);
    this.marks = new AtomicLong(store.read(SqliteSpool::newestMark));
  }

  /// Opens the spool's file, or makes it.
  ///
  /// @throws StorageException with one line that says what is wrong with which file
  public static SqliteSpool open(SqliteSettings settings, SpoolLimits limits, InstantSource clock) {
    var store = SqliteStore.open(settings);
    var opened = Optional.<SqliteSpool>empty();
    try {
      opened = Optional.of(new SqliteSpool(store, limits, clock));
    } finally {
      if (opened.isEmpty()) {
        store.close();
      }
    }
    return opened.get();
  }

  private static long newestMark(Database database) throws SQLException {
    return database
        .one(
            """
            SELECT max(mark) FROM (SELECT max(mark) AS mark FROM spooled_deletions
              UNION SELECT max(mark) FROM spooled_owners)
            """,
            row -> row.getLong(1))
        .orElse(0L);
  }

  /// Which sessions are here.
  public SqliteMirror mirror() {
    return mirror;
  }

  /// The sessions that are here, to be read.
  public ConversationStore sessions() {
    return store;
  }

  /// Names the server that this spool belongs to among those that share a primary store: the same
  /// as long as there is this file, and no other's unless the file was copied.
  public String node() {
    return store.write(database -> {
      var known = MirrorRows.note(database, MirrorRows.NODE);
      if (known.isPresent()) {
        return known.get();
      }
      var fresh = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
      MirrorRows.note(database, MirrorRows.NODE, fresh);
      return fresh;
    });
  }

  /// Makes this the spool of one primary store. What was mirrored of another one is forgotten.
  ///
  /// @param name names the primary store, without secrets
  /// @throws StorageException when something is spooled for another one
  public void dedicate(String name) {
    var before = store.read(database -> MirrorRows.note(database, PRIMARY));
    if (before.isPresent() && !before.get().equals(name)) {
      var left = size();
      if (left.records() > 0) {
        throw new StorageException(
            "The spool holds %d records for %s, and now %s is configured; start once more with the former, or move the spool's file away (storage.spool.path)"
                .formatted(left.records(), before.get(), name));
      }
      store.write(database -> {
        MirrorRows.forgetAll(database);
        return true;
      });
    }
    store.write(database -> {
      MirrorRows.note(database, PRIMARY, name);
      return true;
    });
  }

  /// What became of a message.
  public sealed interface Taken {
    /// As a store says it; a new one is spooled.
    record By(Accepted outcome) implements Taken {}

    /// Nothing was written: the session is not here, or not as far as the message continues it.
    record NotMirrored() implements Taken {}

    /// Nothing was written: too much is spooled.
    record Full() implements Taken {}
  }

  /// What is known of a session when a message of it is written.
  public enum Known {
    /// What is here, which may be of another time of the primary store.
    AS_MIRRORED,
    /// What is here, which the primary store was just asked for.
    RENEWED,
    /// There is no such session in the primary store.
    NEW
  }

  /// Writes a message and spools it.
  public Taken accept(
      SessionRecord session, TurnRecord turn, Reservation reservation, Known known) {
    if (!session.id().equals(turn.sessionId())) {
      throw new IllegalArgumentException("a turn of another session");
    }
    return store.write(
        new Job<>(
            database -> accept(database, session, turn, reservation, known),
            Optional.of((database, taken) -> {
              if (taken instanceof Taken.By(Accepted.New _)) {
                TurnRows.remove(database, turn);
              }
            }),
            false));
  }

  private Taken accept(
      Database database,
      SessionRecord session,
      TurnRecord turn,
      Reservation reservation,
      Known known)
      throws SQLException {
    boolean fits = known == Known.RENEWED || MirrorRows.isContinuedBy(database, turn);
    if (!fits && known == Known.NEW) {
      SessionRows.delete(database, session.id());
    }
    var from = MirrorRows.from(database, session.id());
    if (known != Known.NEW && (from.isEmpty() || !fits)) {
      return new Taken.NotMirrored();
    }
    if (SpoolRows.bytes(database) + SpoolRows.bytes(turn) > limits.maxBytes()) {
      return new Taken.Full();
    }
    var outcome = SqliteStore.accept(database, session, turn, reservation);
    if (outcome instanceof Accepted.New) {
      MirrorRows.put(database, session.id(), from.orElse(1L), now());
      MirrorRows.know(database, session.id());
      SpoolRows.addMessage(database, turn);
      MirrorRows.prune(database, session, limits.turnsPerSession());
    }
    return new Taken.By(outcome);
  }

  /// Takes a message back that the primary store did not want.
  public void takeBack(TurnRecord turn) {
    store.write(database -> {
      TurnRows.remove(database, turn);
      return true;
    });
  }

  /// What became of an answer's end.
  ///
  /// @param session whose turn it is; empty when the turn is not here
  /// @param kept false as [ConversationStore#endAnswer] says
  public record Ended(Optional<SessionId> session, boolean kept) {}

  /// Writes an answer's end and spools it. It is always taken, because its message was.
  public Ended endAnswer(MessageId turn, long epoch, AnswerRecord answer) {
    return store.write(database -> {
      var session = TurnRows.session(database, turn);
      boolean kept = TurnRows.endAnswer(database, turn, epoch, answer);
      if (kept) {
        SpoolRows.addEnd(database, turn, answer);
      }
      return new Ended(session, kept);
    });
  }

  /// The session of a turn that is here.
  public Optional<SessionId> findSessionOf(MessageId turn) {
    return store.read(database -> TurnRows.session(database, turn));
  }

  /// Changes the owner of a session that is here, and spools that.
  ///
  /// @return the mark of what was spooled; empty when nothing had to be changed
  public Optional<Long> changeOwner(SessionId session, Party from, Party to) {
    long mark = marks.incrementAndGet();
    return store.write(database -> {
      if (!SessionRows.changeOwner(database, session, from, to)) {
        return Optional.<Long>empty();
      }
      SpoolRows.changeOwner(database, session, from, mark);
      return Optional.of(mark);
    });
  }

  /// What became of a deletion.
  ///
  /// @param found whether something was here
  public record Deleted(long mark, boolean found) {}

  /// Deletes a session here, with what is spooled of it and its dead letters, and spools the
  /// deletion.
  public Deleted deleteSession(SessionId session) {
    long mark = marks.incrementAndGet();
    return store.write(database -> {
      boolean found = SessionRows.delete(database, session);
      database.update(
          """
          INSERT INTO spooled_deletions (session_id, mark) VALUES (?, ?)
          ON CONFLICT DO UPDATE SET mark = excluded.mark
          """,
          session.value(),
          mark);
      database.update("DELETE FROM dead_letters WHERE session_id = ?", session.value());
      MirrorRows.unknow(database, session);
      return new Deleted(mark, found);
    });
  }

  /// Ends every answer here that runs, and spools its end.
  ///
  /// @return how many
  public int interruptRunning() {
    return store.interruptAll(SqliteSpool::interruptSome);
  }

  private static Interruption interruptSome(Database database) throws SQLException {
    var some = Interruption.of(database, TURNS_PER_INTERRUPTION);
    for (var ended : some.answers()) {
      var all = AnswerRows.attempts(database, ended.turn());
      for (var answer : all) {
        if (answer.id().equals(ended.answer())) {
          SpoolRows.addEnd(database, ended.turn(), answer);
        }
      }
    }
    return some;
  }

  /// Forgets what the primary store has.
  ///
  /// @param patient may wait a little to share a transaction with others
  public void confirm(List<Confirmed> records, boolean patient) {
    var copy = List.copyOf(records);
    store.write(
        new Job<>(
            database -> {
              for (var record : copy) {
                SpoolRows.remove(
                    database,
                    record.turn(),
                    record.answer().map(AnswerId::value).orElse(SpoolRows.MESSAGE));
              }
              return true;
            },
            Optional.empty(),
            patient));
  }

  public void confirmDeletion(SessionId session, long mark) {
    store.write(database ->
        database.update(
            "DELETE FROM spooled_deletions WHERE session_id = ? AND mark = ?",
            session.value(),
            mark));
  }

  public void confirmOwner(SessionId session, long mark) {
    store.write(database ->
        database.update(
            "DELETE FROM spooled_owners WHERE session_id = ? AND mark = ?", session.value(), mark));
  }

  /// The sessions of which something is spooled.
  public Set<SessionId> listSpooledSessions() {
    return new HashSet<>(
        store.read(database ->
            database.all(
                """
                SELECT session_id FROM spooled UNION SELECT session_id FROM spooled_deletions
                UNION SELECT session_id FROM spooled_owners
                """,
                row -> new SessionId(row.getString(1)))));
  }

  /// The turns whose messages the primary store has not confirmed.
  public List<MessageId> listSpooledMessages() {
    return store.read(database ->
        database.all(
            "SELECT turn_id FROM spooled WHERE answer_id = ?",
            row -> new MessageId(row.getString(1)),
            SpoolRows.MESSAGE));
  }

  /// What is spooled of a session.
  ///
  /// @param maxRecords so many records of turns at most
  public Spooled spooled(SessionId session, int maxRecords) {
    return store.read(database -> SpoolRows.of(database, session, maxRecords));
  }

  /// Whether the primary store has all that is here of a session, and nothing of it runs.
  public boolean isSettled(SessionId session) {
    return store.read(
        database -> !SpoolRows.any(database, session) && !MirrorRows.isRunning(database, session));
  }

  /// The turns of a session that run.
  public List<RunningTurn> listRunning(SessionId session) {
    return store.read(database -> SpoolRows.running(database, session));
  }

  /// Gives what is spooled of a session new places behind `lastSeq`.
  public void moveBehind(SessionId session, long lastSeq) {
    store.write(database -> {
      SpoolRows.moveBehind(database, session, lastSeq);
      return true;
    });
  }

  /// Puts a record among the dead letters; it is no longer part of its session.
  ///
  /// @param answer empty for the user's message, with everything that was answered to it
  public void bury(TurnRecord turn, Optional<AnswerRecord> answer, String reason) {
    store.write(database -> SpoolRows.bury(database, turn, answer, reason, now()));
  }

  /// What is spooled, and how many dead letters there are.
  public record Size(long records, long bytes, long deadLetters) {}

  public Size size() {
    return store.read(database ->
        database
            .one(
                """
                SELECT records + (SELECT count(*) FROM spooled_deletions)
                  + (SELECT count(*) FROM spooled_owners), bytes,
                  (SELECT count(*) FROM dead_letters) FROM spool_total
                """,
                row -> new Size(row.getLong(1), row.getLong(2), row.getLong(3)))
            .orElseThrow());
  }

  private long now() {
    return Columns.nanos(clock.instant());
  }

  @Override
  public void close() {
    store.close();
  }
}
