package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.number;
import static dev.askape.storage.mongo.Values.text;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.Hold;
import dev.askape.chat.MessageId;
import dev.askape.chat.Money;
import dev.askape.chat.SessionId;
import dev.askape.chat.Usage;
import dev.askape.chat.UsageSum;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/// An account as it is read, changed and written back: the sums, what is put aside for which
/// answer, and which answers were booked last, so that none is booked twice. For one thread.
final class Ledger {
  /// More than an identity has answers that run.
  private static final int REMEMBERED = 256;

  private final String key;
  private final Map<String, Held> holds = new LinkedHashMap<>();
  private final List<String> booked = new ArrayList<>();
  private AccountRecord account = AccountRecord.EMPTY;

  /// What is put aside for an answer.
  ///
  /// @param day on which it was asked for
  /// @param process who answers
  record Held(SessionId session, MessageId turn, LocalDate day, String process, Hold hold) {}

  Ledger(String key) {
    this.key = key;
  }

  static Ledger read(Document from) {
    var ledger = new Ledger(text(from, "_id"));
    var sum = from.get("booked", new Document());
    ledger.account =
        new AccountRecord(
            new UsageSum(
                number(sum, "answers"),
                number(sum, "promptTokens"),
                number(sum, "completionTokens"),
                money(sum, "costBillionths")),
            number(from, "reservedTokens"),
            money(from, "reservedBillionths"),
            LocalDate.ofEpochDay(number(from, "day")),
            number(from, "dayTokens"),
            money(from, "dayBillionths"));
    from.get("holds", new Document())
        .forEach((answer, hold) -> ledger.holds.put(answer, held((Document) hold)));
    ledger.booked.addAll(from.getList("lastBooked", String.class, List.of()));
    return ledger;
  }

  private static Held held(Document from) {
    return new Held(
        new SessionId(text(from, "sessionId")),
        new MessageId(text(from, "turn")),
        LocalDate.ofEpochDay(number(from, "day")),
        text(from, "process"),
        new Hold(
            number(from, "promptTokens"),
            number(from, "completionTokens"),
            money(from, "costBillionths")));
  }

  private static Money money(Document from, String field) {
    return new Money(Math.max(0, number(from, field)));
  }

  /// @param version one more than the one that was read
  Document toDocument(long version) {
    var sum = account.booked();
    var kept = new Document();
    holds.forEach((answer, held) ->
        kept.append(
            answer,
            new Document("sessionId", held.session.value())
                .append("turn", held.turn.value())
                .append("day", held.day.toEpochDay())
                .append("process", held.process)
                .append("promptTokens", held.hold.promptTokens())
                .append("completionTokens", held.hold.completionTokens())
                .append("costBillionths", held.hold.cost().billionths())));
    return new Document("_id", key)
        .append("version", version)
        .append(
            "booked",
            new Document("answers", sum.answers())
                .append("promptTokens", sum.promptTokens())
                .append("completionTokens", sum.completionTokens())
                .append("costBillionths", sum.cost().billionths()))
        .append("reservedTokens", account.reservedTokens())
        .append("reservedBillionths", account.reservedCost().billionths())
        .append("day", account.day().toEpochDay())
        .append("dayTokens", account.dayTokens())
        .append("dayBillionths", account.dayCost().billionths())
        .append("holding", holds.size())
        .append("holds", kept)
        .append("lastBooked", List.copyOf(booked));
  }

  AccountRecord account() {
    return account;
  }

  Map<String, Held> holds() {
    return Map.copyOf(holds);
  }

  Map<String, Hold> amounts() {
    var amounts = new LinkedHashMap<String, Hold>();
    holds.forEach((answer, held) -> amounts.put(answer, held.hold));
    return amounts;
  }

  boolean knows(String answer) {
    return holds.containsKey(answer) || booked.contains(answer);
  }

  void reserve(String answer, Held held) {
    holds.put(answer, held);
    account = account.reserved(held.hold, held.day);
  }

  void release(String answer) {
    var held = holds.remove(answer);
    if (held != null) {
      account = account.released(held.hold, held.day);
    }
  }

  /// Books what an answer has used in place of what was put aside for it, once.
  ///
  /// @return false if it is booked
  boolean book(String answer, Usage usage, LocalDate asked) {
    if (booked.contains(answer)) {
      return false;
    }
    release(answer);
    account = account.booked(usage, asked);
    booked.add(answer);
    while (booked.size() > REMEMBERED) {
      booked.removeFirst();
    }
    return true;
  }
}
