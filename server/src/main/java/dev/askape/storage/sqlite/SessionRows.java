package dev.askape.storage.sqlite;

import static dev.askape.storage.sqlite.Columns.instant;
import static dev.askape.storage.sqlite.Columns.kind;
import static dev.askape.storage.sqlite.Columns.nanos;
import static dev.askape.storage.sqlite.Columns.text;

import dev.askape.chat.Participant;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Sessions and their participants.
final class SessionRows {
  private static final Comparator<SessionRecord> NEWEST_ACTIVITY =
      Comparator.comparing(SessionRecord::updatedAt)
          .thenComparing(session -> session.id().value())
          .reversed();

  private SessionRows() {}

  static Optional<SessionRecord> find(Database database, SessionId id) throws SQLException {
    var rows = database.one("SELECT * FROM sessions WHERE id = ?", SessionRows::read, id.value());
    return rows.isEmpty() ? rows : Optional.of(withParticipants(database, rows.get()));
  }

  static List<SessionRecord> list(
      Database database, List<Party> owners, Optional<Instant> before, int limit)
      throws SQLException {
    long end = before.map(Columns::nanos).orElse(Long.MAX_VALUE);
    var found = new ArrayList<SessionRecord>();
    for (var owner : owners.stream().distinct().toList()) {
      found.addAll(
          database.all(
              """
              SELECT * FROM sessions WHERE owner_kind = ? AND owner_id = ? AND updated_at < ?
              ORDER BY updated_at DESC, id DESC LIMIT ?
              """,
              SessionRows::read,
              kind(owner),
              owner.id(),
              end,
              limit));
    }
    found.sort(NEWEST_ACTIVITY);
    var page = new ArrayList<SessionRecord>();
    for (var session : found.subList(0, Math.min(limit, found.size()))) {
      page.add(withParticipants(database, session));
    }
    return page;
  }

  static List<SessionId> ids(Database database, Optional<SessionId> after, int limit)
      throws SQLException {
    return database.all(
        "SELECT id FROM sessions WHERE id > ? ORDER BY id LIMIT ?",
        row -> new SessionId(row.getString("id")),
        after.map(SessionId::value).orElse(""),
        limit);
  }

  static List<SessionId> idleGuests(Database database, Instant before, int limit)
      throws SQLException {
    return database.all(
        "SELECT id FROM sessions WHERE owner_kind = ? AND updated_at < ? LIMIT ?",
        row -> new SessionId(row.getString("id")),
        Columns.GUEST,
        Columns.nanos(before),
        limit);
  }

  static void write(Database database, SessionRecord session) throws SQLException {
    var id = session.id().value();
    database.update(
        """
        INSERT INTO sessions
          (id, owner_kind, owner_id, title, message_count, last_seq, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
          owner_kind = excluded.owner_kind, owner_id = excluded.owner_id, title = excluded.title,
          message_count = excluded.message_count, last_seq = excluded.last_seq,
          created_at = excluded.created_at, updated_at = excluded.updated_at
        """,
        id,
        kind(session.owner()),
        session.owner().id(),
        text(session.title()),
        session.messageCount(),
        session.lastSeq(),
        nanos(session.createdAt()),
        nanos(session.updatedAt()));
    database.update("DELETE FROM participants WHERE session_id = ?", id);
    int place = 0;
    for (var participant : session.participants()) {
      database.update(
          "INSERT INTO participants (session_id, place, user_id, name) VALUES (?, ?, ?, ?)",
          id,
          place++,
          participant.user().id(),
          text(participant.name()));
    }
  }

  static boolean changeOwner(Database database, SessionId id, Party from, Party to)
      throws SQLException {
    return database.update(
            """
            UPDATE sessions SET owner_kind = ?, owner_id = ?
            WHERE id = ? AND owner_kind = ? AND owner_id = ?
            """,
            kind(to),
            to.id(),
            id.value(),
            kind(from),
            from.id())
        > 0;
  }

  /// Deletes the session; the schema deletes all that hangs on it.
  static boolean delete(Database database, SessionId id) throws SQLException {
    return database.update("DELETE FROM sessions WHERE id = ?", id.value()) > 0;
  }

  private static SessionRecord withParticipants(Database database, SessionRecord session)
      throws SQLException {
    var participants =
        database.all(
            "SELECT user_id, name FROM participants WHERE session_id = ? ORDER BY place",
            row -> new Participant(new Party.User(row.getString("user_id")), row.getString("name")),
            session.id().value());
    return new SessionRecord(
        session.id(),
        session.owner(),
        participants,
        session.title(),
        session.messageCount(),
        session.lastSeq(),
        session.createdAt(),
        session.updatedAt());
  }

  private static SessionRecord read(ResultSet row) throws SQLException {
    return new SessionRecord(
        new SessionId(row.getString("id")),
        Columns.party(row.getString("owner_kind"), row.getString("owner_id")),
        List.of(),
        row.getString("title"),
        row.getLong("message_count"),
        row.getLong("last_seq"),
        instant(row.getLong("created_at")),
        instant(row.getLong("updated_at")));
  }
}
