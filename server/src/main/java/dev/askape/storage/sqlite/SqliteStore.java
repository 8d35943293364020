package dev.askape.storage.sqlite;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps conversations in one SQLite file, or in memory. Safe for any thread; calls wait, for at
/// most twice [SqliteSettings#maxWait].
public final class SqliteStore implements ConversationStore {
  private static final Logger log = LoggerFactory.getLogger(SqliteStore.class);
  private static final int TURNS_PER_INTERRUPTION = 50;
  private static final int ORPHANS = 1_000;

  private final SqliteSettings settings;
  private final Optional<DataFile> file;
  private final Writer writer;
  private final JobQueue writes;
  private final JobQueue reads;
  private final List<Thread> readerThreads;
  private final Thread writerThread;

  private SqliteStore(
      SqliteSettings settings, Optional<DataFile> file, Database writing, List<Database> reading) {
    this.settings = settings;
    this.file = file;
    var delay = file.isPresent() ? settings.checkpointDelay() : Duration.ZERO;
    writes = new JobQueue("writes", settings.maxQueuedWrites(), delay);
    // A database in memory has one connection, so reads take their turn among the writes.
    reads =
        reading.isEmpty()
            ? writes
            : new JobQueue("reads", settings.maxQueuedReads(), Duration.ZERO);
    writer = new Writer(writing, writes, settings.maxBatch());
    writerThread = Thread.ofPlatform().daemon().name("sqlite-writer").unstarted(writer);
    var threads = Thread.ofPlatform().daemon().name("sqlite-reader-", 1);
    readerThreads =
        reading.stream().map(database -> threads.unstarted(new Reader(database, reads))).toList();
  }

  /// Opens the data file, makes it and its folder where they are missing, and brings it to the
  /// newest schema. Not to be called on a virtual thread.
  ///
  /// @throws StorageException with one line that says what is wrong, with which file, and the way
  ///   out
  public static SqliteStore open(SqliteSettings settings) {
    var file = settings.path().map(DataFile::claim);
    var opened = new ArrayList<Database>();
    var store = Optional.<SqliteStore>empty();
    try {
      store = Optional.of(open(settings, file, opened));
    } catch (SQLException e) {
      var name = file.map(SqliteStore::name).orElse("The database in memory");
      throw new StorageException(
          Failures.of(name + " cannot be used", e).getMessage() + DataFile.WAY_OUT, e);
    } finally {
      if (store.isEmpty()) {
        opened.forEach(SqliteStore::closeQuietly);
        file.ifPresent(DataFile::close);
      }
    }
    store.get().start();
    return store.get();
  }

  /// Opens a data file that another process may be using, to read what is in it; whatever writes
  /// fails. Not to be called on a virtual thread.
  ///
  /// @throws StorageException with one line that says what is wrong, with which file
  public static SqliteStore openToRead(Path file) {
    var opened = new ArrayList<Database>();
    boolean started = false;
    try {
      if (!Files.isRegularFile(file)) {
        throw new StorageException("There is no data file " + file + DataFile.WAY_OUT);
      }
      opened.add(Database.reader(file));
      Schema.requireNewest(opened.getFirst(), "The data file " + file);
      var settings = SqliteSettings.file(file);
      var store = new SqliteStore(settings, Optional.empty(), opened.getFirst(), List.of());
      store.start();
      started = true;
      return store;
    } catch (SQLException e) {
      throw Failures.of("The data file " + file + " cannot be read", e);
    } finally {
      if (!started) {
        opened.forEach(SqliteStore::closeQuietly);
      }
    }
  }

  private static SqliteStore open(
      SqliteSettings settings, Optional<DataFile> file, List<Database> opened) throws SQLException {
    if (file.isEmpty()) {
      var database = Database.memory();
      opened.add(database);
      Schema.upgrade(database, "memory");
      return new SqliteStore(settings, file, database, List.of());
    }
    var path = file.get().path();
    opened.add(Database.writer(path));
    Schema.upgrade(opened.getFirst(), name(file.get()));
    for (int i = 0; i < settings.readers(); i++) {
      opened.add(Database.reader(path));
    }
    return new SqliteStore(
        settings, file, opened.getFirst(), List.copyOf(opened.subList(1, opened.size())));
  }

  private static String name(DataFile file) {
    return "The data file " + file.path();
  }

  private static void closeQuietly(Database database) {
    try {
      database.close();
    } catch (SQLException e) {
      log.debug("closing after a failed opening", e);
    }
  }

  private void start() {
    writerThread.start();
    readerThreads.forEach(Thread::start);
  }

  @Override
  public Durability durability() {
    return file.isPresent() ? Durability.DISK : Durability.NONE;
  }

  @Override
  public Optional<SessionRecord> findSession(SessionId id) {
    return read(database -> SessionRows.find(database, id));
  }

  @Override
  public List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit) {
    return read(database -> SessionRows.list(database, owners, before, Math.max(0, limit)));
  }

  @Override
  public List<SessionId> listSessionIds(Optional<SessionId> after, int limit) {
    return read(database -> SessionRows.ids(database, after, Math.max(0, limit)));
  }

  @Override
  public List<SessionId> listIdleGuestSessions(Instant before, int limit) {
    return read(database -> SessionRows.idleGuests(database, before, Math.max(0, limit)));
  }

  @Override
  public Accepted accept(SessionRecord session, TurnRecord turn, Reservation reservation) {
    if (!session.id().equals(turn.sessionId())) {
      throw new IllegalArgumentException("a turn of another session");
    }
    return write(acceptance(session, turn, reservation));
  }

  static Job<Accepted> acceptance(SessionRecord session, TurnRecord turn, Reservation reservation) {
    return new Job<>(
        database -> accept(database, session, turn, reservation),
        Optional.of((database, accepted) -> {
          if (accepted instanceof Accepted.New) {
            TurnRows.remove(database, turn);
          }
        }),
        false);
  }

  static Accepted accept(
      Database database, SessionRecord session, TurnRecord turn, Reservation reservation)
      throws SQLException {
    if (turn.clientMessageId().isPresent()) {
      var first =
          TurnRows.findByClientMessageId(
              database, session.id(), turn.sender(), turn.clientMessageId().get());
      if (first.isPresent()) {
        return new Accepted.Repeated(first.get());
      }
    }
    if (!AccountRows.reserve(database, turn, reservation)) {
      return new Accepted.OverBudget();
    }
    SessionRows.write(database, session);
    TurnRows.insert(database, turn);
    return new Accepted.New();
  }

  @Override
  public Optional<TurnRecord> findByClientMessageId(
      SessionId session, Party sender, ClientMessageId id) {
    return read(database -> TurnRows.findByClientMessageId(database, session, sender, id));
  }

  @Override
  public Optional<TurnRecord> findTurn(SessionId session, MessageId id) {
    return read(database -> TurnRows.find(database, session, id));
  }

  @Override
  public List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit) {
    return read(database -> TurnRows.list(database, session, beforeSeq, Math.max(0, limit)));
  }

  @Override
  public boolean checkpoint(MessageId turn, long epoch, List<AnswerPart> parts) {
    var copy = List.copyOf(parts);
    return write(
        new Job<>(
            database -> TurnRows.checkpoint(database, turn, epoch, copy), Optional.empty(), true));
  }

  @Override
  public boolean endAnswer(MessageId turn, long epoch, AnswerRecord answer) {
    if (!answer.state().isTerminal()) {
      throw new IllegalArgumentException("an answer does not end as " + answer.state());
    }
    return write(database -> TurnRows.endAnswer(database, turn, epoch, answer));
  }

  @Override
  public AccountRecord account(Party party) {
    return read(database -> AccountRows.find(database, party));
  }

  @Override
  public UsageSum usageOf(SessionId session) {
    return read(database -> AccountRows.ofSession(database, session));
  }

  @Override
  public void changeOwner(SessionId session, Party from, Party to) {
    write(database -> SessionRows.changeOwner(database, session, from, to));
  }

  @Override
  public boolean deleteSession(SessionId session) {
    return write(database -> SessionRows.delete(database, session));
  }

  @Override
  public int interruptRunning(Instant now) {
    return interruptAll(database -> Interruption.of(database, TURNS_PER_INTERRUPTION));
  }

  /// Ends what was left running, some at a time, at a start.
  ///
  /// @throws StorageException with one line that names the file and the way out
  int interruptAll(Work<Interruption> some) {
    int answers = 0;
    try {
      while (true) {
        var ended = write(some);
        if (ended.turns() == 0) {
          bookOrphans();
          return answers;
        }
        answers += ended.answers().size();
        ended.answers().forEach(SqliteStore::logInterrupted);
      }
    } catch (StorageException e) {
      throw new StorageException(
          "%s cannot be written, and has answers of the last process that have to be ended (%s); make room on its disk or mend it, and start again"
              .formatted(file.map(SqliteStore::name).orElse("The database"), e.getMessage()),
          e);
    }
  }

  private static void logInterrupted(Interruption.Ended ended) {
    log.warn(
        "errorId={} turn={} answer={} INTERRUPTED: the server stopped while it ran",
        ended.errorId(),
        ended.turn(),
        ended.answer());
  }

  /// Books what is put aside for answers that are not there any more. To be called when nothing
  /// runs.
  void bookOrphans() {
    while (write(database -> HoldRows.bookOrphans(database, ORPHANS)) == ORPHANS) {
      log.debug("more answers of deleted sessions to be booked");
    }
  }

  /// Finishes what is queued, moves the log into the file and frees the lock. Calling it again does
  /// nothing.
  @Override
  public void close() {
    reads.close();
    writes.close();
    boolean ended = true;
    for (var thread : readerThreads) {
      ended &= join(thread);
    }
    ended &= join(writerThread);
    if (ended) {
      file.ifPresent(DataFile::close);
    } else {
      log.error("the data file does not react; its lock is kept until this process ends");
    }
  }

  private boolean join(Thread thread) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return thread.join(settings.maxWait());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  <T> T write(Work<T> work) {
    return write(new Job<>(work, Optional.empty(), false));
  }

  <T> T write(Job<T> job) {
    return writes.call(job, settings.maxWait());
  }

  <T> T read(Work<T> work) {
    return reads.call(new Job<>(work, Optional.empty(), false), settings.maxWait());
  }

  Writer writer() {
    return writer;
  }

  JobQueue writes() {
    return writes;
  }
}
