package dev.askape.provider.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.Upstream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardedModelTest {
  private static final Prompt PROMPT = new Prompt(List.of(), ModelParameters.DEFAULTS);
  private static final Outcome GOOD = new Outcome.Finished(FinishReason.STOP, Optional.empty());
  private static final AnswerSink NOWHERE =
      new AnswerSink() {
        @Override
        public boolean text(String fragment) {
          return true;
        }

        @Override
        public boolean thinking(String fragment) {
          return true;
        }
      };

  private final FakeTime time = new FakeTime();
  private final Deque<Upstream> script = new ArrayDeque<>();
  private final AtomicInteger calls = new AtomicInteger();

  /// Does what is next in the script, and the last thing for ever.
  private Attempt scripted(Prompt prompt, AnswerSink sink, long deadline)
      throws InterruptedException {
    calls.incrementAndGet();
    var next = script.size() > 1 ? script.removeFirst() : script.getFirst();
    return next.ask(prompt, sink, deadline);
  }

  private static Attempt fails(Trouble trouble) {
    return new Attempt(
        new Outcome.Failed(ErrorType.RATE_LIMITED, "HTTP 429"), trouble, Optional.empty());
  }

  private static Attempt asksFor(Duration wait) {
    return new Attempt(
        new Outcome.Failed(ErrorType.RATE_LIMITED, "HTTP 429"), Trouble.PASSING, Optional.of(wait));
  }

  private ProviderPolicy provider(Policy.Concurrency concurrency) {
    return new ProviderPolicy(
        "p", concurrency, Policy.Budget.DEFAULTS, time, time::nanos, time::sleep);
  }

  private LanguageModel model(Policy policy) {
    return provider(Policy.Concurrency.DEFAULTS)
        .guard("m", this::scripted, policy, Optional.empty());
  }

  private LanguageModel model() {
    return model(Policy.DEFAULTS);
  }

  private static Policy withBreaker(Policy.Breaker breaker) {
    return new Policy(
        new Policy.Retries(1, Duration.ZERO, Duration.ZERO, Duration.ZERO),
        breaker,
        Duration.ofMinutes(5));
  }

  private Outcome ask(LanguageModel model) throws InterruptedException {
    return model.answer(PROMPT, NOWHERE);
  }

  @Test
  void isAskedOnceWhenItAnswers() throws Exception {
    script.add((_, _, _) -> Attempt.answered(GOOD));

    assertThat(ask(model())).isEqualTo(GOOD);
    assertThat(calls).hasValue(1);
  }

  @Test
  void isAskedAgainAfterATroubleThatPasses() throws Exception {
    script.add((_, _, _) -> fails(Trouble.PASSING));
    script.add((_, _, _) -> fails(Trouble.PASSING));
    script.add((_, _, _) -> Attempt.answered(GOOD));

    assertThat(ask(model())).isEqualTo(GOOD);
    assertThat(calls).hasValue(3);
    assertThat(time.pauses).hasSize(2);
    assertThat(time.pauses.getFirst()).isBetween(Duration.ZERO, Duration.ofMillis(500));
    assertThat(time.pauses.getLast()).isBetween(Duration.ZERO, Duration.ofSeconds(1));
  }

  @Test
  void isNotAskedMoreOftenThanConfigured() throws Exception {
    script.add((_, _, _) -> fails(Trouble.PASSING));

    assertThat(ask(model())).isInstanceOf(Outcome.Failed.class);
    assertThat(calls).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource(value = Trouble.class, names = "PASSING", mode = EnumSource.Mode.EXCLUDE)
  void isNotAskedAgainAfterAnyOther(Trouble trouble) throws Exception {
    script.add((_, _, _) -> fails(trouble));

    ask(model());
    assertThat(calls).hasValue(1);
  }

  @Test
  void isNotAskedAgainOnceItHasSpoken() throws Exception {
    script.add((_, sink, _) -> {
      sink.text("Par");
      return fails(Trouble.PASSING);
    });

    ask(model());
    assertThat(calls).hasValue(1);
  }

  @Test
  void isNotAskedAgainOnceItHasThought() throws Exception {
    script.add((_, sink, _) -> {
      sink.thinking("Hm");
      return fails(Trouble.PASSING);
    });

    ask(model());
    assertThat(calls).hasValue(1);
  }

  @Test
  void isLeftAloneForAsLongAsItWants() throws Exception {
    script.add((_, _, _) -> asksFor(Duration.ofSeconds(20)));
    script.add((_, _, _) -> Attempt.answered(GOOD));

    assertThat(ask(model())).isEqualTo(GOOD);
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(20));
  }

  @Test
  void isNotAskedAgainWhenItWantsToBeLeftAloneForLong() throws Exception {
    script.add((_, _, _) -> asksFor(Duration.ofMillis(20_001)));

    assertThat(ask(model())).isInstanceOf(Outcome.Failed.class);
    assertThat(calls).hasValue(1);
    assertThat(time.pauses).isEmpty();
  }

  @Test
  void isNotAskedAgainWhenTheTimeForAllIsOver() throws Exception {
    script.add((_, _, _) -> {
      time.pass(Duration.ofSeconds(299));
      return asksFor(Duration.ofSeconds(2));
    });

    ask(model());
    assertThat(calls).hasValue(1);
  }

  @Test
  void givesAllTriesTheSameDeadline() throws Exception {
    long expected = time.nanos() + Duration.ofMinutes(5).toNanos();
    script.add((_, _, deadline) -> {
      assertThat(deadline).isEqualTo(expected);
      return asksFor(Duration.ofSeconds(1));
    });

    ask(model());
    assertThat(calls).hasValue(3);
  }

  @Test
  void sharesSecondTriesWithTheModelsOfItsProvider() throws Exception {
    script.add((_, _, _) -> asksFor(Duration.ZERO));
    var provider = provider(Policy.Concurrency.DEFAULTS);
    var one = provider.guard("one", this::scripted, Policy.DEFAULTS, Optional.empty());
    var other = provider.guard("other", this::scripted, Policy.DEFAULTS, Optional.empty());
    for (int i = 0; i < 4; i++) {
      ask(one);
      ask(other);
    }

    assertThat(calls).hasValue(8 + RetryBudget.LEAST);
  }

  @Test
  void isNotAskedWhileItsBreakerIsOpen() throws Exception {
    script.add((_, _, _) -> fails(Trouble.BROKEN));
    var model = model(withBreaker(Policy.Breaker.DEFAULTS));
    for (int i = 0; i < 25; i++) {
      ask(model);
    }

    assertThat(calls).hasValue(20);
    assertThat(ask(model))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it -> {
              assertThat(it.type()).isEqualTo(ErrorType.RATE_LIMITED);
              assertThat(it.cause()).contains("breaker is open");
            });
  }

  @Test
  void isTriedAgainAfterAWhileAndAskedAsBeforeWhenItIsWell() throws Exception {
    script.add((_, _, _) -> fails(Trouble.BROKEN));
    var model = model(withBreaker(Policy.Breaker.DEFAULTS));
    for (int i = 0; i < 20; i++) {
      ask(model);
    }
    time.pass(Duration.ofMillis(9_900));
    ask(model);
    assertThat(calls).as("while it is open").hasValue(20);

    script.clear();
    script.add((_, _, _) -> Attempt.answered(GOOD));
    time.pass(Duration.ofMillis(5_100)); // 10 s, and half as long by chance
    for (int i = 0; i < 30; i++) {
      assertThat(ask(model)).isEqualTo(GOOD);
    }
  }

  @Test
  void isKeptOpenByAProbeThatFails() throws Exception {
    script.add((_, _, _) -> fails(Trouble.BROKEN));
    var model = model(withBreaker(Policy.Breaker.DEFAULTS));
    for (int i = 0; i < 20; i++) {
      ask(model);
    }
    time.pass(Duration.ofSeconds(16));
    for (int i = 0; i < 5; i++) {
      ask(model);
    }

    assertThat(calls).hasValue(22);
  }

  @Test
  void doesNotHoldItsOwnFaultsAgainstTheProvider() throws Exception {
    script.add((_, _, _) -> fails(Trouble.NONE));
    var model = model(withBreaker(Policy.Breaker.DEFAULTS));
    for (int i = 0; i < 100; i++) {
      ask(model);
    }

    assertThat(calls).hasValue(100);
  }

  @Test
  void isLeftAloneForAMinuteWhenItRefusesTheKey() throws Exception {
    script.add((_, _, _) -> fails(Trouble.KEY));
    var model = model();
    ask(model);
    ask(model);
    assertThat(calls).hasValue(1);

    time.pass(Duration.ofSeconds(61));
    ask(model);
    assertThat(calls).hasValue(2);
  }

  @Test
  void countsAStreamThatRunsAsGoodWhileItRuns() throws Exception {
    var breaker =
        new Policy.Breaker(
            2, 60, Duration.ofSeconds(30), Duration.ofSeconds(10), 2, Duration.ofSeconds(60));
    var inner = model(withBreaker(breaker));
    script.add((_, sink, _) -> {
      sink.text("word"); // good: 1 of 1
      script.clear();
      script.add((_, _, _) -> fails(Trouble.BROKEN));
      ask(inner); // 1 of 2 is good
      assertThat(calls).hasValue(2);
      script.clear();
      script.add((_, _, _) -> Attempt.answered(GOOD));
      ask(inner);
      assertThat(calls).hasValue(3);
      return Attempt.answered(GOOD);
    });

    assertThat(ask(inner)).isEqualTo(GOOD);
  }

  @Test
  void givesAProbeThatWasCancelledBack() throws Exception {
    var breaker =
        new Policy.Breaker(
            1, 50, Duration.ofSeconds(30), Duration.ofSeconds(10), 1, Duration.ofSeconds(60));
    var model = model(withBreaker(breaker));
    script.add((_, _, _) -> fails(Trouble.BROKEN));
    ask(model);
    time.pass(Duration.ofSeconds(16));
    script.clear();
    script.add((_, _, _) -> {
      throw new InterruptedException();
    });
    assertThatThrownBy(() -> ask(model)).isInstanceOf(InterruptedException.class);
    script.clear();
    script.add((_, _, _) -> Attempt.answered(GOOD));

    assertThat(ask(model)).isEqualTo(GOOD);
  }

  @Test
  void turnsAwayWhatIsOverItsPlacesAndItsQueue() throws Exception {
    var model =
        provider(new Policy.Concurrency(1, 0, Duration.ofSeconds(10)))
            .guard("m", this::scripted, Policy.DEFAULTS, Optional.empty());
    script.add((_, _, _) -> {
      script.clear();
      script.add((_, _, _) -> Attempt.answered(GOOD));
      assertThat(ask(model))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, it -> assertThat(it.type()).isEqualTo(ErrorType.BUSY));
      return Attempt.answered(GOOD);
    });

    assertThat(ask(model)).isEqualTo(GOOD);
    assertThat(ask(model)).as("the place is free again").isEqualTo(GOOD);
  }
}
