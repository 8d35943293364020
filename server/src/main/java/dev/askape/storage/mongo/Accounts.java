package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.number;
import static dev.askape.storage.mongo.Values.text;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.Budget;
import dev.askape.chat.Hold;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import dev.askape.chat.UsageSum;
import dev.askape.storage.mongo.KnownTurns.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bson.Document;

/// What identities have used: a document for each, which is changed only as it was read.
record Accounts(Round round) {
  private static final int ATTEMPTS = 100;
  private static final int MANY = 1_000;

  private enum Change {
    WRITE,
    LEAVE,
    REFUSE
  }

  AccountRecord find(Party party) {
    return ledger(Values.key(party)).map(Ledger::account).orElse(AccountRecord.EMPTY);
  }

  private Optional<Document> document(String key) {
    return Optional.ofNullable(round.accounts().find(new Document("_id", key)).first());
  }

  private Optional<Ledger> ledger(String key) {
    return document(key).map(Ledger::read);
  }

  /// What is put aside, by answer.
  Map<String, Hold> holds(Party party) {
    return ledger(Values.key(party)).map(Ledger::amounts).orElse(Map.of());
  }

  /// What the answers of a session have used: a sum of what they say, so that it is never wrong.
  static UsageSum ofSession(Round round, SessionId session) {
    var sum = UsageSum.NOTHING;
    var outline = new Document();
    for (var answers : List.of("aiResponses", "replacedResponses")) {
      for (var field : List.of("state", "usage", "charged")) {
        outline.append(answers + "." + field, 1);
      }
    }
    for (var entry :
        round
            .messages()
            .find(new Document("sessionId", session.value()).append("role", TurnDocuments.AI))
            .projection(outline)) {
      for (var answers : List.of("aiResponses", "replacedResponses")) {
        for (var answer : entry.getList(answers, Document.class, List.of())) {
          if (AnswerDocuments.state(answer).isTerminal()) {
            sum = sum.plus(AnswerDocuments.booked(answer));
          }
        }
      }
    }
    return sum;
  }

  /// Puts aside what a turn may use, unless that was done.
  ///
  /// @return false when the budget does not allow it; then nothing is written
  boolean reserve(TurnRecord turn, Reservation reservation, String process) {
    var today = Budget.dayOf(turn.createdAt());
    return change(
        turn.sender(),
        ledger -> {
          if (turn.answers().stream().anyMatch(answer -> ledger.knows(answer.id().value()))) {
            return Change.LEAVE;
          }
          if (!reservation
              .budget()
              .map(budget -> budget.allows(ledger.account(), today, reservation.sum()))
              .orElse(true)) {
            return Change.REFUSE;
          }
          for (var answer : turn.answers()) {
            ledger.reserve(
                answer.id().value(),
                new Ledger.Held(
                    turn.sessionId(),
                    turn.messageId(),
                    today,
                    process,
                    reservation.of(answer.place())));
          }
          return Change.WRITE;
        });
  }

  /// Gives back what was put aside for a turn that is not taken.
  void release(TurnRecord turn) {
    change(
        turn.sender(),
        ledger -> {
          if (ledger.holds().isEmpty()) {
            return Change.LEAVE;
          }
          turn.answers().forEach(answer -> ledger.release(answer.id().value()));
          return Change.WRITE;
        });
  }

  /// Books what answers of a turn have used, each once.
  void book(Known turn, Map<String, Usage> answers) {
    change(
        turn.payer(),
        ledger -> {
          boolean any = false;
          for (var answer : answers.entrySet()) {
            any |= ledger.book(answer.getKey(), answer.getValue(), turn.day());
          }
          return any ? Change.WRITE : Change.LEAVE;
        });
  }

  private boolean change(Party party, Function<Ledger, Change> change) {
    round.lock(party);
    return change(Values.key(party), change);
  }

  private boolean change(String key, Function<Ledger, Change> change) {
    for (int i = 0; i < ATTEMPTS; i++) {
      var found = document(key);
      var ledger = found.map(Ledger::read).orElseGet(() -> new Ledger(key));
      var wanted = change.apply(ledger);
      if (wanted != Change.WRITE) {
        return wanted == Change.LEAVE;
      }
      long version = found.map(document -> number(document, "version")).orElse(0L);
      var document = ledger.toDocument(version + 1);
      boolean written =
          found.isEmpty()
              ? Writes.insertNew(round.accounts(), document)
              : round
                      .accounts()
                      .replaceOne(new Document("_id", key).append("version", version), document)
                      .getMatchedCount()
                  > 0;
      if (written) {
        return true;
      }
    }
    throw new StorageException("the account changes all the time");
  }

  /// Accounts in which something is put aside.
  static List<Document> holding(Round round) {
    return round
        .accounts()
        .find(new Document("holding", new Document("$gt", 0)))
        .limit(MANY)
        .into(new ArrayList<>());
  }

  /// Books what dead processes had put aside for answers whose turn is not there any more.
  void bookOrphans(Document account, List<String> alive) {
    change(
        text(account, "_id"),
        ledger -> {
          boolean any = false;
          for (var held : ledger.holds().entrySet()) {
            var hold = held.getValue();
            if (!alive.contains(hold.process())
                && TurnDocuments.findUser(round, hold.session(), hold.turn()).isEmpty()) {
              any |=
                  ledger.book(
                      held.getKey(), hold.hold().forfeited(Usage.counted(0, 0)), hold.day());
            }
          }
          return any ? Change.WRITE : Change.LEAVE;
        });
  }
}
