package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.ending;
import static dev.askape.chat.TestChat.price;
import static dev.askape.chat.TestChat.sized;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.slf4j.LoggerFactory;

/// Models that answer in the place of others.
class ChatFallbackTest {
  private static final ModelId SPARE = new ModelId("spare");

  @AutoClose
  private final TestChat test =
      new TestChat(s -> s.models = ChatFallbackTest::offered, "first", "spare", "last", "alone");

  private static Model offered(Model model) {
    return switch (model.id().value()) {
      case "first" -> model.with(Optional.of(price(1, 1)), Optional.of(SPARE));
      case "spare" -> model.with(Optional.of(price(10, 100)), Optional.of(new ModelId("last")));
      case "last" -> sized(model, 1_000_000, OptionalInt.of(7));
      default -> model.with(Optional.empty(), Optional.of(new ModelId("not/there")));
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorType.class,
      names = {"UNKNOWN_MODEL", "UNAUTHORIZED", "RATE_LIMITED", "TIMEOUT", "UNAVAILABLE", "BUSY"})
  void answerWhenTheFirstOneFailsBeforeItsFirstWord(ErrorType type) {
    var turn = test.post(ANNA, "two words", "first");
    test.model("first").nextCall().fails(type);
    var spare = test.model("spare").nextCall();
    spare.says("in its place");
    spare.finishes();

    var answer = turn.answers().getFirst();
    assertThat(ending(answer).state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(answer.modelId()).isEqualTo(new ModelId("first"));
    assertThat(answer.servedBy()).contains(SPARE);
    assertThat(ending(answer).usage())
        .as("at the price of the one that answered, and what failed is free")
        .isEqualTo(Usage.counted(2, 3).withCost(new Money(2 * 10 + 3 * 100)));
    var kept = test.stored(turn).answers().getFirst();
    assertThat(kept.servedBy()).contains(SPARE);
    assertThat(kept.usage()).isEqualTo(ending(answer).usage());
    assertThat(Answer.of(kept).servedBy()).contains(SPARE);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorType.class,
      names = {"CONTENT_FILTER", "INTERNAL", "INTERRUPTED", "TOO_LARGE"})
  void areNotAskedWhenAnotherAskingWouldNotHelp(ErrorType type) {
    var turn = test.post(ANNA, "hello", "first");
    test.model("first").nextCall().fails(type);

    assertThat(ending(turn.answers().getFirst()).failure().orElseThrow().type()).isEqualTo(type);
    assertThat(turn.answers().getFirst().servedBy()).isEmpty();
    assertThat(test.model("spare").asked()).isZero();
  }

  @Test
  void areAskedForWhatIsTooLargeWhenTheirWindowIsLarger() {
    var turn = test.post(ANNA, "hello", "spare");
    test.model("spare").nextCall().fails(ErrorType.TOO_LARGE);
    var call = test.model("last").nextCall();
    call.says("fits");
    call.finishes();

    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(call.prompt.parameters().maxTokens()).as("its own parameters").hasValue(7);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorType.class,
      mode = Mode.EXCLUDE,
      names = {"INTERRUPTED"})
  void areNotAskedAfterTheFirstWord(ErrorType type) {
    var turn = test.post(ANNA, "hello", "first");
    var call = test.model("first").nextCall();
    call.thinks("Hm");
    call.fails(type);

    assertThat(ending(turn.answers().getFirst()).failure().orElseThrow().type()).isEqualTo(type);
    assertThat(test.model("spare").asked()).isZero();
  }

  @Test
  void areNotReplacedThemselves() {
    var turn = test.post(ANNA, "hello", "first");
    test.model("first").nextCall().fails(ErrorType.TIMEOUT);
    test.model("spare").nextCall().fails(ErrorType.BUSY);

    var answer = turn.answers().getFirst();
    assertThat(ending(answer).failure().orElseThrow().type()).isEqualTo(ErrorType.BUSY);
    assertThat(answer.servedBy()).contains(SPARE);
    assertThat(test.model("last").asked()).isZero();
  }

  @Test
  void areNotAskedForAnAnswerThatWasStopped() {
    var turn = test.post(ANNA, "hello", "first");
    var call = test.model("first").nextCall();
    call.ignoresInterrupts();
    test.chat.stop(S, ANNA, turn.messageId(), Optional.empty());
    call.awaitInterrupted();
    call.fails(ErrorType.UNAVAILABLE);

    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.STOPPED);
    assertThat(test.model("spare").asked()).isZero();
  }

  @Test
  void areStoppedAsTheFirstOneIs() {
    var turn = test.post(ANNA, "hello", "first");
    test.model("first").nextCall().fails(ErrorType.TIMEOUT);
    var spare = test.model("spare").nextCall();
    spare.says("so far");
    test.chat.stop(S, ANNA, turn.messageId(), Optional.of(new ModelId("first")));
    spare.awaitInterrupted();

    assertThat(ending(turn.answers().getFirst()).state()).isEqualTo(AnswerState.STOPPED);
    assertThat(turn.answers().getFirst().said().whole()).isEqualTo("so far");
  }

  @Test
  void areLeftOutWhenTheyAreNotThere() {
    var turn = test.post(ANNA, "hello", "alone");
    test.model("alone").nextCall().fails(ErrorType.UNAVAILABLE);

    assertThat(ending(turn.answers().getFirst()).failure().orElseThrow().type())
        .isEqualTo(ErrorType.UNAVAILABLE);
  }

  @Test
  void areChargedWithWhatTheFirstProviderReports() {
    var turn = test.post(ANNA, "two words", "first");
    test.model("first").nextCall().fails(ErrorType.UNAVAILABLE, Usage.reported(5, 0));
    var spare = test.model("spare").nextCall();
    spare.says("yes");
    spare.finishes(FinishReason.STOP, Optional.of(Usage.reported(4, 1).withCost(new Money(9))));

    assertThat(ending(turn.answers().getFirst()).usage())
        .isEqualTo(Usage.reported(9, 1).withCost(new Money(5 + 9)));
  }

  @Test
  void areToldOfInTheLogWithWhyTheFirstOneFailed() {
    var logger = (Logger) LoggerFactory.getLogger(TurnRun.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    logger.setLevel(Level.WARN);
    try {
      var turn = test.post(ANNA, "hello", "first");
      test.model("first").nextCall().fails(ErrorType.TIMEOUT);
      test.model("spare").nextCall().finishes();
      TestChat.awaitOver(turn);

      assertThat(lines.list).hasSize(1);
      assertThat(lines.list.getFirst().getFormattedMessage())
          .matches(
              "errorId=e_[0-9a-f]{16} session=s turn=\\S+ model=first TIMEOUT: cause of the"
                  + " TIMEOUT; its fallback is asked");
    } finally {
      logger.detachAppender(lines);
      logger.setAdditive(true);
      logger.setLevel(null);
    }
  }
}
