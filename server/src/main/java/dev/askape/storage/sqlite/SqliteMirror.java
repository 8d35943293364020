package dev.askape.storage.sqlite;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Which sessions of a primary store are here, from where on, and which ones it has at all. Safe
/// for any thread.
public final class SqliteMirror {
  private final SqliteStore store;
  private final SpoolLimits limits;
  private final InstantSource clock;

  SqliteMirror(SqliteStore store, SpoolLimits limits, InstantSource clock) {
    this.store = store;
    this.limits = limits;
    this.clock = clock;
  }

  /// From which sequence number on all turns of the session are here; empty when it is not
  /// mirrored.
  public Optional<Long> findMirroredFrom(SessionId session) {
    return store.read(database -> MirrorRows.from(database, session));
  }

  /// The newest sequence number that is here; 0 for none.
  public long lastSeq(SessionId session) {
    return store.read(database -> MirrorRows.lastSeq(database, session));
  }

  /// Puts a session here as the primary store has it, unless more of it came here meanwhile.
  ///
  /// @param fromSeq all its turns from there on are among `turns`
  /// @param usage what all its answers have used
  /// @param seenSeq [#lastSeq] before the primary store was read
  public void put(
      SessionRecord session, List<TurnRecord> turns, long fromSeq, UsageSum usage, long seenSeq) {
    var how = new MirrorRows.Filling(fromSeq, usage, seenSeq, Columns.nanos(clock.instant()));
    store.write(database -> MirrorRows.fill(database, session, turns, how));
  }

  /// Lets go of a session of which nothing is spooled.
  public void forget(SessionId session) {
    store.write(
        database -> !SpoolRows.any(database, session) && SessionRows.delete(database, session));
  }

  /// Whether somebody's account is here as the primary store has it.
  public boolean hasAccount(Party party) {
    return store.read(database -> MirrorRows.hasAccount(database, party));
  }

  /// Puts somebody's account here as the primary store has it, unless something of him is spooled,
  /// or was changed here meanwhile.
  ///
  /// @param seen what was here before the primary store was read
  public void putAccount(Party party, AccountRecord seen, AccountRecord account) {
    store.write(database -> MirrorRows.putAccount(database, party, seen, account));
  }

  /// Whether there is certainly no session of that id in the primary store.
  public boolean isNew(SessionId session) {
    return store.read(database -> MirrorRows.isNew(database, session));
  }

  /// Notes ids that the primary store has.
  public void know(List<SessionId> ids) {
    var copy = List.copyOf(ids);
    store.write(database -> {
      for (var id : copy) {
        MirrorRows.know(database, id);
      }
      return true;
    });
  }

  /// Notes that every id that the primary store has is known.
  public void knowAll() {
    store.write(database -> {
      MirrorRows.knowAll(database);
      return true;
    });
  }

  /// Whether [#knowAll] was noted.
  public boolean knowsAll() {
    return store.read(MirrorRows::knowsAll);
  }

  /// Lets go of sessions beyond the limit, those first that were not used for the longest time.
  ///
  /// @return how many
  public int evict(int atOnce) {
    return store.write(database -> MirrorRows.evict(database, limits.sessions(), atOnce));
  }
}
