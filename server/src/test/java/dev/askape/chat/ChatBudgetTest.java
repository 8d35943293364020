package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.BERT;
import static dev.askape.chat.TestChat.GUEST;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.awaitOver;
import static dev.askape.chat.TestChat.ending;
import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.TestChat.price;
import static dev.askape.chat.TestChat.refusal;
import static dev.askape.chat.TestChat.sized;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.WatchedStore.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What one may use. Tokens are words, and each message of a prompt counts six more when it is
/// reserved.
class ChatBudgetTest {
  private static final Refusal EXCEEDED = new Refusal.BudgetExceeded();
  private static final int ANSWER = 30;

  private final List<TestChat> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(TestChat::close);
  }

  private static Budget tokens(long most) {
    return new Budget(OptionalLong.of(most), Optional.empty(), Budget.Period.DAY);
  }

  private static Budget money(long most) {
    return new Budget(OptionalLong.empty(), Optional.of(new Money(most)), Budget.Period.DAY);
  }

  private static Budgets users(Budget budget) {
    return new Budgets(Optional.empty(), Optional.of(budget), Optional.empty(), ANSWER);
  }

  private static Budgets turns(long most) {
    var limit = new Budgets.OfTurn(OptionalLong.of(most), Optional.empty());
    return new Budgets(Optional.empty(), Optional.empty(), Optional.of(limit), ANSWER);
  }

  private TestChat open(Budgets budgets, String... models) {
    var test =
        new TestChat(
            s -> {
              s.budgets = budgets;
              s.models = model -> model.with(Optional.of(price(1, 10)), Optional.empty());
            },
            models);
    opened.add(test);
    return test;
  }

  private static void finish(TestChat test, String model, int promptTokens, int answerTokens) {
    var usage = Usage.reported(promptTokens, answerTokens);
    test.model(model).nextCall().finishes(FinishReason.STOP, Optional.of(usage));
  }

  private static AccountRecord account(TestChat test) {
    return test.store.account(ANNA.party());
  }

  @Test
  void isReservedForAllModelsOfATurnAndReleasedWithEachAnswer() {
    var test = open(users(tokens(2 * (2 + 6 + ANSWER))), "a", "b");
    var turn = test.post(ANNA, "two words");
    assertThat(account(test).reservedTokens()).isEqualTo(2 * (2 + 6 + ANSWER));
    assertThat(account(test).reservedCost()).isEqualTo(new Money(2 * (8 + 300)));

    finish(test, "a", 3, 4);
    ending(turn.answers().getFirst());
    assertThat(account(test).reservedTokens()).isEqualTo(2 + 6 + ANSWER);
    assertThat(account(test).booked()).isEqualTo(new UsageSum(1, 3, 4, new Money(43)));

    finish(test, "b", 3, 4);
    awaitOver(turn);
    assertThat(account(test).reservedTokens()).isZero();
    assertThat(account(test).dayTokens()).isEqualTo(14);
  }

  @Test
  void isWhatTheProviderIsTold() {
    var test = open(users(tokens(1_000)), "a");
    test.post(ANNA, "hello");

    assertThat(test.model("a").nextCall().prompt.parameters().maxTokens()).hasValue(ANSWER);
  }

  @Test
  void isNotToldWhereNoneApplies() {
    var test = open(users(tokens(1_000)), "a");
    test.accepted(message(S, GUEST, "hello", "a"));

    assertThat(test.model("a").nextCall().prompt.parameters().maxTokens()).isEmpty();
    assertThat(test.store.account(GUEST.party())).isEqualTo(AccountRecord.EMPTY);
  }

  @Test
  void leavesAModelItsOwnLimitAndFitsItsWindow() {
    var test =
        new TestChat(
            s -> {
              s.budgets = users(tokens(1_000_000));
              s.models =
                  model ->
                      model.id().value().equals("own")
                          ? sized(model, 100_000, OptionalInt.of(700))
                          : sized(model, 24, OptionalInt.empty());
            },
            "own",
            "small");
    opened.add(test);
    test.post(ANNA, "two words");

    assertThat(test.model("own").nextCall().prompt.parameters().maxTokens()).hasValue(700);
    assertThat(test.model("small").nextCall().prompt.parameters().maxTokens()).hasValue(24 - 2 - 6);
  }

  @Test
  void refusesWhatItCannotHoldAndChargesNothing() {
    var test = open(users(tokens(2 * (2 + 6 + ANSWER) - 1)), "a", "b");

    assertThat(refusal(test.chat.post(message(S, ANNA, "two words")))).isEqualTo(EXCEEDED);

    assertThat(account(test)).isEqualTo(AccountRecord.EMPTY);
    assertThat(test.store.findSession(S)).isEmpty();
    assertThat(test.model("a").asked()).isZero();
    assertThat(test.chat.runningAnswers()).isZero();
    assertThat(test.post(ANNA, "two words", "a").answers()).hasSize(1);
  }

  @Test
  void isOfEachIdentity() {
    var test = open(users(tokens(1 + 6 + ANSWER)), "a");
    test.post(ANNA, "hello");
    assertThat(refusal(test.chat.post(message(S, ANNA, "hello")))).isEqualTo(EXCEEDED);

    var other = new SessionId("other");
    test.accepted(message(other, BERT, "hello"));
    test.accepted(message(new SessionId("third"), GUEST, "hello"));
  }

  @Test
  void countsTheContextToo() {
    var test = open(users(tokens(1_000)), "a");
    test.said(ANNA, "one two", "a", "three four five");
    long before = account(test).dayTokens();
    test.post(ANNA, "six", "a");

    assertThat(account(test).dayTokens() - before).isEqualTo(2 + 3 + 1 + 3 * 6 + ANSWER);
  }

  @Test
  void canBeInMoney() {
    var test = open(users(money(7 + 10 * ANSWER)), "a");
    test.post(ANNA, "hello");
    assertThat(refusal(test.chat.post(message(S, ANNA, "hello")))).isEqualTo(EXCEEDED);

    finish(test, "a", 7, 0);
    soon().until(() -> account(test).reservedCost().equals(Money.ZERO));
    assertThat(refusal(test.chat.post(message(S, ANNA, "hello")))).isEqualTo(EXCEEDED);
    var next = message(new SessionId("next"), ANNA, "hello");
    assertThat(refusal(test.chat.post(next))).isEqualTo(EXCEEDED);
    test.clock.move(Duration.ofDays(1));
    test.accepted(next);
  }

  @Test
  void inMoneyRefusesAModelOfWhichNobodyKnowsThePrice() {
    var test = new TestChat(s -> s.budgets = users(money(1_000_000)), "a");
    opened.add(test);

    assertThat(refusal(test.chat.post(message(S, ANNA, "hello", "a")))).isEqualTo(EXCEEDED);
    test.accepted(message(new SessionId("other"), GUEST, "hello", "a"));
  }

  @Test
  void reservesTheDearerOfAModelAndItsFallback() {
    var test =
        new TestChat(
            s -> {
              s.budgets = users(money(1_000_000));
              s.models =
                  model ->
                      model.id().value().equals("cheap")
                          ? model.with(Optional.of(price(1, 1)), Optional.of(new ModelId("dear")))
                          : model.with(Optional.of(price(5, 50)), Optional.empty());
            },
            "cheap",
            "dear");
    opened.add(test);
    test.post(ANNA, "hello", "cheap");
    assertThat(account(test).reservedCost()).isEqualTo(new Money(7 * 5 + ANSWER * 50));

    test.model("cheap").nextCall().fails(ErrorType.UNAVAILABLE);
    assertThat(test.model("dear").nextCall().prompt.parameters().maxTokens()).hasValue(ANSWER);
  }

  @Test
  void tellsHowItStands() {
    var test = open(users(tokens(1_000)), "a");
    test.post(ANNA, "hello", "a");

    var state = test.chat.usage(ANNA.party()).budget().orElseThrow();
    assertThat(state.tokens()).isEqualTo(1 + 6 + ANSWER);
    assertThat(state.resetsAt())
        .contains(
            Budget.dayOf(test.clock.instant())
                .plusDays(1)
                .atStartOfDay(java.time.ZoneOffset.UTC)
                .toInstant());
    assertThat(test.chat.usage(GUEST.party()).budget()).isEmpty();
  }

  @Test
  void goesOverOnlyByWhatTheProviderSaysMore() {
    var test = open(users(tokens(1 + 6 + ANSWER)), "a");
    test.post(ANNA, "hello", "a");
    finish(test, "a", 9, 100);

    soon().until(() -> account(test).booked().answers() == 1);
    assertThat(account(test).dayTokens()).isEqualTo(109);
    assertThat(refusal(test.chat.post(message(S, ANNA, "hello")))).isEqualTo(EXCEEDED);
  }

  @Test
  void releasesWhatItHoldsWhenTheMessageCannotBeStored() {
    var test = open(users(tokens(1 + 6 + ANSWER)), "a");
    test.store.fail(Call.ACCEPT, 1);
    assertThat(refusal(test.chat.post(message(S, ANNA, "hello"))))
        .isEqualTo(new Refusal.NotSaved());

    test.post(ANNA, "hello", "a");
  }

  @Test
  void endsAnAnswerThatSaysMoreThanItsProviderWasTold() {
    var test = open(users(tokens(1_000)), "a");
    var turn = test.post(ANNA, "hello", "a");
    var call = test.model("a").nextCall();
    int said = 1;
    while (call.says("word ")) {
      said++;
    }
    call.finishes();

    var ending = ending(turn.answers().getFirst());
    assertThat(said).isEqualTo(ANSWER + 1);
    assertThat(ending.state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(ending.finishReason()).contains(FinishReason.BUDGET);
    assertThat(turn.answers().getFirst().said().whole()).isEqualTo("word ".repeat(ANSWER + 1));
  }

  @Test
  void ofATurnEndsAllItsAnswersWhenTheyHaveUsedItTogether() {
    var test = open(turns(2 * 7 + 40), "a", "b");
    var turn = test.post(ANNA, "hello");
    var a = test.model("a").nextCall();
    var b = test.model("b").nextCall();
    for (int i = 0; i < 20; i++) {
      assertThat(a.says("word ")).isTrue();
    }
    int said = 1;
    while (b.says("word ")) {
      said++;
    }
    assertThat(said).isEqualTo(20);
    a.awaitInterrupted();
    b.awaitInterrupted();

    awaitOver(turn);
    for (var answer : turn.answers()) {
      assertThat(ending(answer).finishReason()).contains(FinishReason.BUDGET);
      assertThat(ending(answer).usage().completionTokens()).isEqualTo(20);
      assertThat(answer.said().whole()).isEqualTo("word ".repeat(20));
    }
    assertThat(test.stored(turn).answers())
        .allSatisfy(kept -> assertThat(kept.finishReason()).contains(FinishReason.BUDGET));
  }

  @Test
  void ofATurnBoundsEachAnswerAndNamesThatAsTheReason() {
    var test = open(turns(7 + 5), "a");
    var turn = test.post(ANNA, "hello", "a");
    var call = test.model("a").nextCall();
    assertThat(call.prompt.parameters().maxTokens()).hasValue(5);
    call.says("cut");
    call.finishes(FinishReason.LENGTH, Optional.of(Usage.reported(7, 5)));

    assertThat(ending(turn.answers().getFirst()).finishReason()).contains(FinishReason.BUDGET);
  }

  @Test
  void ofATurnThatDoesNotPayForThePromptsRefusesIt() {
    var test = open(turns(2 * 7), "a", "b");

    assertThat(refusal(test.chat.post(message(S, ANNA, "hello")))).isEqualTo(EXCEEDED);
    assertThat(test.store.made(Call.ACCEPT)).isZero();
    assertThat(test.post(ANNA, "hello", "a").answers()).hasSize(1);
  }

  @Test
  void leavesAModelThatIsNotKnownToFailAsEver() {
    var test = open(users(tokens(1)), "a");
    var turn = test.post(ANNA, "hello", "no/such");

    assertThat(ending(turn.answers().getFirst()).failure().orElseThrow().type())
        .isEqualTo(ErrorType.UNKNOWN_MODEL);
  }

  @Test
  void isNeverExceededByAHundredTurnsAtOnce() throws Exception {
    long models = 3;
    long hold = 1 + 6 + ANSWER;
    long most = 10 * models * hold + hold;
    var names = new String[] {"a", "b", "c"};
    var test = open(users(tokens(most)), names);
    int accepted = 0;
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var posts = new ArrayList<Callable<PostResult>>();
      for (int i = 0; i < 100; i++) {
        var post = message(new SessionId("s" + i), ANNA, "hello");
        posts.add(() -> test.chat.post(post));
      }
      for (var result : callers.invokeAll(posts)) {
        switch (result.get()) {
          case PostResult.Accepted _ -> accepted++;
          case PostResult.Refused(var why) -> assertThat(why).isEqualTo(EXCEEDED);
          case PostResult.Repeated _ -> throw new AssertionError("nothing was repeated");
        }
      }
    }
    assertThat(accepted).isEqualTo(10);
    assertThat(account(test).dayTokens()).isEqualTo(10 * models * hold);

    for (int i = 0; i < accepted; i++) {
      for (var name : names) {
        finish(test, name, 7, ANSWER);
        assertThat(account(test).dayTokens()).isLessThanOrEqualTo(most);
      }
    }
    soon().until(() -> account(test).reservedTokens() == 0);
    assertThat(account(test).dayTokens()).isEqualTo(10 * models * hold);
    assertThat(account(test).booked().answers()).isEqualTo(10 * models);
  }
}
