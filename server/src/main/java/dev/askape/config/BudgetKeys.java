package dev.askape.config;

import static dev.askape.config.Type.oneOf;
import static dev.askape.config.Type.whole;

import dev.askape.chat.Budget;
import dev.askape.chat.Money;
import dev.askape.config.Key.Absence;
import java.util.ArrayList;
import java.util.List;

/// The keys of `budgets`, the last ones of the catalogue.
final class BudgetKeys {
  static final List<Key<?>> ALL = new ArrayList<>();

  static final OfIdentity GUEST = ofIdentity("guest");
  static final OfIdentity USER = ofIdentity("user");

  static final Key<Long> TURN_TOKENS =
      optional(
          "turn.tokens",
          Units.count(),
          "tokens of one turn, the prompts and answers of all its models together; an answer that reaches it ends with `finishReason: \"budget\"`");
  static final Key<Money> TURN_MONEY =
      optional("turn.money", Units.money(), "money of one turn, likewise");
  static final Key<Integer> ANSWER_TOKENS =
      added(
          new Key<>(
              "budgets.answer-tokens",
              whole(1, 100_000_000),
              new Absence.Default("4096"),
              "where a budget applies: tokens of an answer, at most, of a model without `max-tokens`"));

  /// The keys of one kind of identity.
  record OfIdentity(Key<Long> tokens, Key<Money> money, Key<Budget.Period> period) {}

  private BudgetKeys() {}

  private static OfIdentity ofIdentity(String who) {
    return new OfIdentity(
        optional(
            who + ".tokens",
            Units.count(),
            "tokens that each %s may use, prompts and answers together; over it `budget_exceeded`"
                .formatted(who)),
        optional(
            who + ".money",
            Units.money(),
            "money that each %s may use, in the currency of the prices; needs a price of every model"
                .formatted(who)),
        added(
            new Key<>(
                "budgets." + who + ".per",
                oneOf(Budget.Period.class),
                new Absence.Default("day"),
                "what the budget of a %s is for: `day`, each day in UTC, or `all`, for ever"
                    .formatted(who))));
  }

  private static <T> Key<T> optional(String path, Type<T> type, String meaning) {
    return added(new Key<>("budgets." + path, type, new Absence.Unset(), meaning));
  }

  private static <T> Key<T> added(Key<T> key) {
    ALL.add(key);
    return key;
  }
}
