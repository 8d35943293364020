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
import static dev.askape.chat.TestChat.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What answers cost, and how that is summed. Tokens are words here.
class ChatCostTest {
  @AutoClose
  private final TestChat test =
      new TestChat(
          s ->
              s.models =
                  model ->
                      model.id().value().equals("unknown")
                          ? model
                          : model.with(Optional.of(price(10, 100)), Optional.empty()),
          "a",
          "b",
          "unknown");

  private static Usage usage(Turn turn) {
    return ending(turn.answers().getFirst()).usage();
  }

  @Test
  void isWhatTheProviderSays() {
    var turn = test.post(ANNA, "hello", "a");
    var reported = Usage.reported(7, 8).withCached(3).withCost(new Money(42));
    var call = test.model("a").nextCall();
    call.says("Hi");
    call.finishes(FinishReason.STOP, Optional.of(reported));

    assertThat(usage(turn)).isEqualTo(reported);
    assertThat(test.stored(turn).answers().getFirst().usage()).isEqualTo(reported);
  }

  @Test
  void isTheModelsPriceOfWhatTheProviderCounted() {
    var turn = test.post(ANNA, "hello", "a");
    test.model("a").nextCall().finishes(FinishReason.STOP, Optional.of(Usage.reported(7, 8)));

    assertThat(usage(turn)).isEqualTo(Usage.reported(7, 8).withCost(new Money(870)));
  }

  @Test
  void isEstimatedWhereTheProviderSaysNothing() {
    test.said(ANNA, "one two", "a", "three four five");
    var turn = test.said(ANNA, "six", "a", "seven");

    assertThat(usage(turn)).isEqualTo(Usage.counted(6, 1).withCost(new Money(160)));
  }

  @Test
  void isNotKnownOfAModelWithoutAPrice() {
    assertThat(usage(test.said(ANNA, "one", "unknown", "two"))).isEqualTo(Usage.counted(1, 1));
  }

  @Test
  void isWhatWasUsedByAnAnswerThatWasStopped() {
    var turn = test.post(ANNA, "one two", "a");
    var call = test.model("a").nextCall();
    call.thinks("three");
    call.says("four five");
    test.chat.stop(S, ANNA, turn.messageId(), Optional.empty());

    assertThat(usage(turn))
        .isEqualTo(Usage.counted(2, 3).withReasoning(1).withCost(new Money(320)));
  }

  @Test
  void isThePromptOfAnAnswerThatWasStoppedBeforeItsFirstWord() {
    var turn = test.post(ANNA, "one two", "a");
    test.model("a").nextCall();
    test.chat.stop(S, ANNA, turn.messageId(), Optional.empty());

    assertThat(usage(turn)).isEqualTo(Usage.counted(2, 0).withCost(new Money(20)));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorType.class,
      names = {"UNAUTHORIZED", "RATE_LIMITED", "UNAVAILABLE", "BUSY", "UNKNOWN_MODEL", "TOO_LARGE"})
  void isNothingOfACallThatWasRefused(ErrorType type) {
    var turn = test.post(ANNA, "one two", "a");
    test.model("a").nextCall().fails(type);

    assertThat(usage(turn)).isEqualTo(Usage.counted(0, 0).withCost(Money.ZERO));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorType.class,
      names = {"TIMEOUT", "CONTENT_FILTER"})
  void isThePromptOfACallThatTheProviderMayHaveBegun(ErrorType type) {
    var turn = test.post(ANNA, "one two", "a");
    test.model("a").nextCall().fails(type);

    assertThat(usage(turn)).isEqualTo(Usage.counted(2, 0).withCost(new Money(20)));
  }

  @Test
  void isWhatWasUsedByAnAnswerThatBroke() {
    var turn = test.post(ANNA, "one two", "a");
    var call = test.model("a").nextCall();
    call.says("three");
    call.breaks(new IllegalStateException("a bug"));

    assertThat(ending(turn.answers().getFirst()).failure().orElseThrow().type())
        .isEqualTo(ErrorType.INTERNAL);
    assertThat(usage(turn)).isEqualTo(Usage.counted(2, 1).withCost(new Money(120)));
  }

  @Test
  void isNothingOfAModelThatIsNotKnown() {
    assertThat(usage(test.post(ANNA, "one two", "no/such"))).isEqualTo(Usage.counted(0, 0));
  }

  @Test
  void isSummedForItsSenderAndItsSession() {
    test.said(ANNA, "one two", "a", "three");
    var both = test.post(ANNA, "four", "a", "b");
    test.model("a").nextCall().fails(ErrorType.UNAVAILABLE);
    test.model("b").nextCall().finishes(FinishReason.STOP, Optional.of(Usage.reported(5, 6)));
    awaitOver(both);
    test.accepted(message(new SessionId("other"), ANNA, "seven", "a"));
    test.model("a").nextCall().finishes(FinishReason.STOP, Optional.of(Usage.reported(1, 1)));

    var session = new UsageSum(3, 2 + 5, 1 + 6, new Money(120 + 650));
    assertThat(value(test.chat.usage(S, ANNA))).isEqualTo(session);
    Waiting.soon().until(() -> test.chat.usage(ANNA.party()).booked().answers() == 4);
    assertThat(test.chat.usage(ANNA.party()))
        .isEqualTo(
            new UsageReport(
                session.plus(Usage.reported(1, 1).withCost(new Money(110))), Optional.empty()));
    assertThat(test.chat.usage(BERT.party()).booked()).isEqualTo(UsageSum.NOTHING);
  }

  @Test
  void isToldOnlyToWhoMayReachTheSession() {
    test.said(ANNA, "one two", "a", "three");

    assertThat(refusal(test.chat.usage(S, BERT))).isEqualTo(new Refusal.Forbidden());
    assertThat(refusal(test.chat.usage(S, GUEST))).isEqualTo(new Refusal.Forbidden());
    assertThat(refusal(test.chat.usage(new SessionId("none"), ANNA)))
        .isEqualTo(new Refusal.Forbidden());
  }
}
