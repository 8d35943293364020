package dev.askape.storage;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.at;
import static dev.askape.storage.Samples.sent;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static dev.askape.storage.Samples.used;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.AccountRecord;
import dev.askape.chat.Budget;
import dev.askape.chat.Budget.Period;
import dev.askape.chat.ConversationStore.Accepted;
import dev.askape.chat.Hold;
import dev.askape.chat.Money;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import dev.askape.chat.UsageSum;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every [ConversationStore] keeps of what was used, and of what may be.
abstract class AccountsContract extends RunningAnswersContract {
  private static final LocalDate TODAY = Budget.dayOf(START);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Usage USAGE =
      Usage.reported(10, 20).withCached(4).withReasoning(5).withCost(new Money(300));
  private static final Hold HOLD = new Hold(15, 85, new Money(1_000));

  private static Budget tokens(long most, Period period) {
    return new Budget(OptionalLong.of(most), Optional.empty(), period);
  }

  private static Budget money(long most) {
    return new Budget(OptionalLong.empty(), Optional.of(new Money(most)), Period.DAY);
  }

  /// Puts the same aside for each answer of a turn.
  private static Reservation reservation(Budget budget, TurnRecord turn) {
    return new Reservation(Optional.of(budget), Collections.nCopies(turn.answers().size(), HOLD));
  }

  private Accepted accept(TurnRecord turn, Budget budget) {
    int turns = Math.toIntExact((turn.seq() + 1) / 2);
    return store()
        .accept(session(turn.sessionId().value(), turns), turn, reservation(budget, turn));
  }

  private boolean end(TurnRecord turn, int place, Usage usage) {
    return store().endAnswer(turn.messageId(), 1, used(turn.answers().get(place), usage));
  }

  private long usedToday() {
    return store().account(ANNA).tokens(Period.DAY, TODAY);
  }

  @Test
  void knowsOfNoUseAtFirst() {
    assertThat(store().account(ANNA)).isEqualTo(AccountRecord.EMPTY);
    assertThat(store().usageOf(S)).isEqualTo(UsageSum.NOTHING);
  }

  @Test
  void keepsWhatAnAnswerHasUsedAndWhoGaveIt() {
    var turn = accepted(1, 1);
    end(turn, 0, USAGE);

    assertThat(found(turn).answers()).containsExactly(used(turn.answers().getFirst(), USAGE));
  }

  @Test
  void booksWhatAnswersHaveUsedOnce() {
    var turn = accepted(1, 3);
    assertThat(store().account(ANNA)).isEqualTo(AccountRecord.EMPTY);

    for (int again = 0; again < 2; again++) {
      end(turn, 0, USAGE);
      end(turn, 2, Usage.counted(1, 2));
    }

    var sum = new UsageSum(2, 11, 22, new Money(300));
    assertThat(store().account(ANNA))
        .isEqualTo(new AccountRecord(sum, 0, Money.ZERO, TODAY, 33, new Money(300)));
    assertThat(store().usageOf(S)).isEqualTo(sum);
  }

  @Test
  void keepsIdentitiesApart() {
    var anna = sent(turn("s", 1, 1), ANNA, Optional.empty());
    var guest = sent(turn("t", 1, 1), new Party.Guest("anna"), Optional.empty());
    for (var turn : List.of(anna, guest)) {
      store().accept(session(turn.sessionId().value(), 1), turn);
    }
    end(anna, 0, USAGE);

    assertThat(store().account(ANNA).booked().answers()).isEqualTo(1);
    assertThat(store().account(new Party.Guest("anna"))).isEqualTo(AccountRecord.EMPTY);
    assertThat(store().account(GUEST)).isEqualTo(AccountRecord.EMPTY);
    assertThat(store().usageOf(guest.sessionId())).isEqualTo(UsageSum.NOTHING);
  }

  @Test
  void putsAsideWhatATurnMayUseAndGivesBackWhatItDidNot() {
    var turn = turn("s", 1, 2);
    assertThat(accept(turn, tokens(200, Period.DAY))).isEqualTo(new Accepted.New());

    assertThat(store().account(ANNA))
        .isEqualTo(
            new AccountRecord(
                UsageSum.NOTHING, 200, new Money(2_000), TODAY, 200, new Money(2_000)));

    end(turn, 0, USAGE);
    assertThat(store().account(ANNA))
        .isEqualTo(
            new AccountRecord(
                new UsageSum(1, 10, 20, new Money(300)),
                100,
                new Money(1_000),
                TODAY,
                130,
                new Money(1_300)));

    end(turn, 1, Usage.counted(0, 0));
    assertThat(store().account(ANNA).reservedTokens()).isZero();
    assertThat(usedToday()).isEqualTo(30);
  }

  @Test
  void acceptsWhatJustFitsTheBudgetAndWritesNothingOfWhatDoesNot() {
    var first = turn("s", 1, 2);
    assertThat(accept(first, tokens(200, Period.DAY))).isEqualTo(new Accepted.New());
    var account = store().account(ANNA);

    assertThat(accept(turn("s", 2, 1), tokens(299, Period.DAY)))
        .isEqualTo(new Accepted.OverBudget());
    assertThat(accept(turn("t", 1, 1), money(2_999))).isEqualTo(new Accepted.OverBudget());

    assertThat(store().account(ANNA)).isEqualTo(account);
    assertThat(store().listTurns(S, Long.MAX_VALUE, 9)).containsExactly(first);
    assertThat(store().findSession(S)).contains(session("s", 1));
    assertThat(store().findSession(turn("t", 1, 1).sessionId())).isEmpty();

    assertThat(accept(turn("s", 2, 1), tokens(300, Period.DAY))).isEqualTo(new Accepted.New());
    assertThat(accept(turn("s", 3, 1), money(4_000))).isEqualTo(new Accepted.New());
  }

  @Test
  void putsNothingAsideForARepeatedMessage() {
    var turn = turn("s", 1, 2);
    accept(turn, tokens(1_000, Period.DAY));
    var account = store().account(ANNA);
    var again = sent(turn("s", 2, 2), ANNA, turn.clientMessageId());

    assertThat(accept(again, tokens(1_000, Period.DAY))).isEqualTo(new Accepted.Repeated(turn));
    assertThat(accept(again, tokens(1, Period.DAY))).isEqualTo(new Accepted.Repeated(turn));
    assertThat(store().account(ANNA)).isEqualTo(account);
  }

  @Test
  void beginsAnewWithEachDayButForABudgetForEver() {
    var today = turn("s", 1, 1);
    accept(today, tokens(100, Period.DAY));
    var tomorrow = at(turn("s", 2, 1), START.plus(DAY));

    assertThat(accept(tomorrow, tokens(199, Period.ALL))).isEqualTo(new Accepted.OverBudget());
    assertThat(accept(tomorrow, tokens(100, Period.DAY))).isEqualTo(new Accepted.New());
    assertThat(accept(at(turn("s", 3, 1), START.plus(DAY)), tokens(199, Period.DAY)))
        .isEqualTo(new Accepted.OverBudget());
    assertThat(accept(at(turn("s", 3, 1), START.plus(DAY)), tokens(300, Period.ALL)))
        .isEqualTo(new Accepted.New());
  }

  @Test
  void countsForTheDayOnWhichItWasAsked() {
    var today = turn("s", 1, 1);
    accept(today, tokens(100, Period.DAY));
    var tomorrow = at(turn("s", 2, 1), START.plus(DAY));
    accept(tomorrow, tokens(100, Period.DAY));

    end(today, 0, USAGE);

    var account = store().account(ANNA);
    assertThat(account.tokens(Period.DAY, TODAY.plusDays(1))).isEqualTo(100);
    assertThat(account.tokens(Period.ALL, TODAY)).isEqualTo(130);
  }

  @Test
  void doesNotBeginADayTwiceWhenTheClockIsPutBack() {
    accept(at(turn("s", 1, 1), START.plus(DAY)), tokens(100, Period.DAY));

    assertThat(accept(turn("s", 2, 1), tokens(100, Period.DAY)))
        .isEqualTo(new Accepted.OverBudget());
    assertThat(accept(at(turn("s", 2, 1), START.minus(DAY)), tokens(100, Period.DAY)))
        .as("a clock that had been years ahead does not stop a budget for years")
        .isEqualTo(new Accepted.New());
  }

  @Test
  void booksWhatAnAnswerOfADeletedSessionHasUsed() {
    var turn = turn("s", 1, 2);
    accept(turn, tokens(200, Period.DAY));
    store().deleteSession(S);
    assertThat(usedToday()).isEqualTo(200);

    assertThat(end(turn, 0, USAGE)).isFalse();
    assertThat(end(turn, 0, USAGE)).isFalse();

    assertThat(usedToday()).isEqualTo(130);
    assertThat(store().account(ANNA).booked().cost()).isEqualTo(new Money(300));
    assertThat(store().usageOf(S)).isEqualTo(UsageSum.NOTHING);
  }

  @Test
  void booksNothingForAWriterThatIsFencedOff() {
    var turn = turn("s", 1, 1);
    accept(turn, tokens(100, Period.DAY));
    store().checkpoint(turn.messageId(), 2, List.of());
    var account = store().account(ANNA);

    assertThat(end(turn, 0, USAGE)).isFalse();

    assertThat(store().account(ANNA)).isEqualTo(account);
  }

  @Test
  void countsWhatWasPutAsideAsUsedAfterACrash() {
    var turn = turn("s", 1, 2);
    accept(turn, tokens(1_000, Period.DAY));
    end(turn, 0, USAGE);
    store().checkpoint(turn.messageId(), 1, List.of(text(turn.answers().get(1), 0, "eight ch")));
    var deleted = turn("t", 1, 1);
    accept(deleted, tokens(1_000, Period.DAY));
    store().deleteSession(deleted.sessionId());

    assertThat(store().interruptRunning(START)).isEqualTo(1);

    var sum = new UsageSum(3, 10 + 15 + 15, 20 + 85 + 85, new Money(300 + 1_000 + 1_000));
    assertThat(store().account(ANNA))
        .isEqualTo(new AccountRecord(sum, 0, Money.ZERO, TODAY, 230, new Money(2_300)));
    assertThat(store().usageOf(S)).isEqualTo(new UsageSum(2, 25, 105, new Money(1_300)));
    var usage = found(turn).answers().get(1).usage();
    assertThat(usage.completionTokens()).as("of tokens, what can be seen").isEqualTo(2);
    assertThat(usage.cost()).as("of money, what was charged").contains(new Money(1_000));
    assertThat(store().interruptRunning(START)).isZero();
    assertThat(store().account(ANNA).booked()).isEqualTo(sum);
  }

  @Test
  void isNotBrokenByWhatAProviderReports() {
    var turn = accepted(1, 3);
    var absurd = Usage.reported(Long.MAX_VALUE, -7).withCost(new Money(Long.MAX_VALUE));
    for (int place = 0; place < 3; place++) {
      assertThat(end(turn, place, absurd)).isTrue();
    }

    assertThat(store().account(ANNA).booked())
        .isEqualTo(new UsageSum(3, Long.MAX_VALUE, 0, new Money(Long.MAX_VALUE)));
    assertThat(store().usageOf(S).promptTokens()).isEqualTo(Long.MAX_VALUE);
    assertThat(accept(turn("s", 2, 1), tokens(1_000_000, Period.DAY)))
        .isEqualTo(new Accepted.OverBudget());
  }

  @Test
  void neverExceedsABudgetHoweverManyTurnsAskAtOnce() throws Exception {
    int models = 3;
    long fitting = 7;
    var budget = tokens(fitting * models * HOLD.tokens() + HOLD.tokens(), Period.DAY);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var posts =
          IntStream.range(0, 100)
              .<Callable<Accepted>>mapToObj(i -> () -> accept(turn("s" + i, 1, models), budget))
              .toList();
      int accepted = 0;
      for (var post : callers.invokeAll(posts)) {
        accepted += post.get() instanceof Accepted.New ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(fitting);
    }
    assertThat(usedToday()).isEqualTo(fitting * models * HOLD.tokens());
  }
}
