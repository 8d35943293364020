package dev.askape.storage.spool;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StorageException;
import dev.askape.chat.StoreAwayException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.UsageSum;
import dev.askape.storage.sqlite.SqliteSpool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads: from the primary store where it has everything, from what is mirrored where it has not or
/// cannot be reached. What neither can say is [StoreAwayException]. Safe for any thread.
final class Overlay {
  private static final Comparator<SessionRecord> NEWEST_ACTIVITY =
      Comparator.comparing(SessionRecord::updatedAt)
          .thenComparing(session -> session.id().value())
          .reversed();

  private final Primary primary;
  private final SqliteSpool spool;
  private final ConversationStore here;
  private final Behind behind;
  private final Mirroring mirroring;

  Overlay(Primary primary, SqliteSpool spool, Behind behind, Mirroring mirroring) {
    this.primary = primary;
    this.spool = spool;
    this.here = spool.sessions();
    this.behind = behind;
    this.mirroring = mirroring;
  }

  Optional<SessionRecord> findSession(SessionId id) {
    if (!behind.has(id)) {
      var there = ask(store -> store.findSession(id));
      if (there.isPresent()) {
        there.get().ifPresent(mirroring::later);
        return there.get();
      }
    }
    if (spool.mirror().findMirroredFrom(id).isPresent()) {
      return here.findSession(id);
    }
    if (isNothing(id)) {
      return Optional.empty();
    }
    throw away(id);
  }

  /// The store's answer; empty when it is away.
  private <T> Optional<T> ask(Function<ConversationStore, T> what) {
    return switch (primary.ask(what)) {
      case Reply.Given<T>(var value) -> Optional.of(value);
      case Reply.Away<T> _ -> Optional.empty();
      case Reply.Refused<T>(var reason) -> throw new StorageException(reason);
    };
  }

  /// Whether there certainly is no such session: it was deleted here, or never was.
  private boolean isNothing(SessionId id) {
    return spool.spooled(id, 1).deletion().isPresent() || spool.mirror().isNew(id);
  }

  private static StoreAwayException away(SessionId id) {
    return new StoreAwayException(
        "what is mirrored of session " + id + " does not say that, and its store is away");
  }

  Optional<TurnRecord> findTurn(SessionId session, MessageId id) {
    return find(session, store -> store.findTurn(session, id)).orElseThrow(() -> away(session));
  }

  /// A message that was repeated after so long that it is not mirrored any more is not found while
  /// the primary store is away.
  Optional<TurnRecord> findByClientMessageId(SessionId session, Party sender, ClientMessageId id) {
    return find(session, store -> store.findByClientMessageId(session, sender, id))
        .orElse(Optional.empty());
  }

  /// Outside: empty when nobody can say.
  private Optional<Optional<TurnRecord>> find(
      SessionId session, Function<ConversationStore, Optional<TurnRecord>> what) {
    if (!behind.has(session)) {
      var there = ask(what);
      if (there.isPresent()) {
        return there;
      }
    }
    var from = spool.mirror().findMirroredFrom(session);
    var found = what.apply(here);
    if (found.isPresent() || from.filter(seq -> seq == 1).isPresent()) {
      return Optional.of(found);
    }
    if (from.isEmpty() && isNothing(session)) {
      return Optional.of(Optional.empty());
    }
    return ask(what);
  }

  List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit) {
    if (!behind.has(session)) {
      var there = ask(store -> store.listTurns(session, beforeSeq, limit));
      if (there.isPresent()) {
        return there.get();
      }
    }
    var from = spool.mirror().findMirroredFrom(session);
    var newest = here.listTurns(session, beforeSeq, limit);
    if (newest.size() >= limit || from.filter(seq -> seq == 1).isPresent()) {
      return newest;
    }
    if (from.isEmpty() && isNothing(session)) {
      return List.of();
    }
    return withOlder(session, newest, beforeSeq, limit);
  }

  private List<TurnRecord> withOlder(
      SessionId session, List<TurnRecord> newest, long beforeSeq, int limit) {
    long before = newest.isEmpty() ? beforeSeq : newest.getFirst().seq();
    var older = ask(store -> store.listTurns(session, before, limit - newest.size()));
    if (older.isPresent()) {
      var all = new ArrayList<>(older.get());
      all.addAll(newest);
      return all;
    }
    if (newest.isEmpty()) {
      throw away(session);
    }
    return newest; // as much as is known
  }

  /// While the primary store is away, the sessions that are mirrored.
  List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit) {
    var there = ask(store -> store.listSessions(owners, before, limit + behind.sessions().size()));
    var mirrored = here.listSessions(owners, before, limit);
    if (there.isEmpty()) {
      return mirrored;
    }
    var found = new HashMap<SessionId, SessionRecord>();
    there.get().forEach(session -> found.put(session.id(), session));
    for (var session : behind.sessions()) {
      found.remove(session);
    }
    for (var session : mirrored) {
      if (behind.has(session.id())) {
        found.put(session.id(), session);
      }
    }
    return found.values().stream().sorted(NEWEST_ACTIVITY).limit(Math.max(0, limit)).toList();
  }

  /// Of the primary store alone.
  List<SessionId> listSessionIds(Optional<SessionId> after, int limit) {
    return ask(store -> store.listSessionIds(after, limit))
        .orElseGet(() -> here.listSessionIds(after, limit));
  }

  /// As it is here, once something of it is: all that he uses passes through here.
  AccountRecord account(Party party) {
    var known = here.account(party);
    return spool.mirror().hasAccount(party) || !known.equals(AccountRecord.EMPTY)
        ? known
        : ask(store -> store.account(party)).orElse(known);
  }

  /// As it is here, if it is: an answer that a crash has cut short is charged here with what was
  /// put aside for it, which the primary store is not told.
  UsageSum usageOf(SessionId session) {
    return spool.mirror().findMirroredFrom(session).isPresent()
        ? here.usageOf(session)
        : ask(store -> store.usageOf(session)).orElseGet(() -> here.usageOf(session));
  }

  List<SessionId> listIdleGuestSessions(Instant before, int limit) {
    var idle = here.listIdleGuestSessions(before, limit);
    var there = ask(store -> store.listIdleGuestSessions(before, limit));
    if (there.isEmpty()) {
      return idle;
    }
    return Stream.concat(
            there.get().stream().filter(session -> !behind.has(session)),
            idle.stream().filter(behind::has))
        .limit(Math.max(0, limit))
        .toList();
  }
}
