package dev.askape.storage.sqlite;

import static dev.askape.storage.sqlite.Columns.kind;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.Budget;
import dev.askape.chat.Money;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import dev.askape.chat.UsageSum;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;

/// What identities and sessions have used. There is one writer, so what is read here is what is
/// changed.
final class AccountRows {
  private AccountRows() {}

  static AccountRecord find(Database database, Party party) throws SQLException {
    return database
        .one(
            "SELECT * FROM accounts WHERE kind = ? AND id = ?",
            AccountRows::read,
            kind(party),
            party.id())
        .orElse(AccountRecord.EMPTY);
  }

  static UsageSum ofSession(Database database, SessionId session) throws SQLException {
    return database
        .one("SELECT * FROM session_usage WHERE session_id = ?", AccountRows::sum, session.value())
        .orElse(UsageSum.NOTHING);
  }

  /// Puts aside what a turn may use.
  ///
  /// @return false when the budget does not allow it; then nothing is written
  static boolean reserve(Database database, TurnRecord turn, Reservation reservation)
      throws SQLException {
    var today = Budget.dayOf(turn.createdAt());
    var sum = reservation.sum();
    if (!reservation.holds().isEmpty()) {
      var account = find(database, turn.sender());
      if (!reservation.budget().map(b -> b.allows(account, today, sum)).orElse(true)) {
        return false;
      }
      write(database, turn.sender(), account.reserved(sum, today));
    }
    HoldRows.insert(database, turn, reservation, today);
    return true;
  }

  /// Takes back what was put aside for a turn that is taken back itself.
  static void release(Database database, TurnRecord turn) throws SQLException {
    for (var answer : turn.answers()) {
      var held = HoldRows.take(database, answer.id());
      if (held.isPresent() && held.get().hold().tokens() > 0) {
        var account = find(database, held.get().payer());
        write(database, held.get().payer(), account.released(held.get().hold(), held.get().day()));
      }
    }
  }

  /// Books what an answer has used, in place of what was put aside for it.
  static void book(Database database, HoldRows.Held held, Usage usage) throws SQLException {
    var account = find(database, held.payer());
    write(
        database,
        held.payer(),
        account.released(held.hold(), held.day()).booked(usage, held.day()));
    var session =
        database.one(
            "SELECT session_id FROM turns WHERE id = ?",
            row -> new SessionId(row.getString(1)),
            held.turn());
    if (session.isPresent()) {
      write(database, session.get(), ofSession(database, session.get()).plus(usage));
    }
  }

  static void write(Database database, Party party, AccountRecord account) throws SQLException {
    var booked = account.booked();
    database.update(
        """
        INSERT OR REPLACE INTO accounts (
          kind, id, answers, prompt_tokens, completion_tokens, cost,
          reserved_tokens, reserved_cost, day, day_tokens, day_cost)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        kind(party),
        party.id(),
        booked.answers(),
        booked.promptTokens(),
        booked.completionTokens(),
        booked.cost().billionths(),
        account.reservedTokens(),
        account.reservedCost().billionths(),
        account.day().toEpochDay(),
        account.dayTokens(),
        account.dayCost().billionths());
  }

  static void write(Database database, SessionId session, UsageSum sum) throws SQLException {
    database.update(
        """
        INSERT OR REPLACE INTO session_usage (
          session_id, answers, prompt_tokens, completion_tokens, cost)
        VALUES (?, ?, ?, ?, ?)
        """,
        session.value(),
        sum.answers(),
        sum.promptTokens(),
        sum.completionTokens(),
        sum.cost().billionths());
  }

  private static AccountRecord read(ResultSet row) throws SQLException {
    return new AccountRecord(
        sum(row),
        row.getLong("reserved_tokens"),
        new Money(row.getLong("reserved_cost")),
        LocalDate.ofEpochDay(row.getLong("day")),
        row.getLong("day_tokens"),
        new Money(row.getLong("day_cost")));
  }

  private static UsageSum sum(ResultSet row) throws SQLException {
    return new UsageSum(
        row.getLong("answers"),
        row.getLong("prompt_tokens"),
        row.getLong("completion_tokens"),
        new Money(row.getLong("cost")));
  }
}
