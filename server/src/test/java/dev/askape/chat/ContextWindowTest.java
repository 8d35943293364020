package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Prompt.Message;
import dev.askape.chat.Prompt.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every sentence of "What a model is told". A word is a token here, and a message costs six more.
class ContextWindowTest {
  private static final ModelId ME = new ModelId("me");

  private final ContextWindow context = new ContextWindow(TestChat::words, 1_000);
  private final List<TurnRecord> earlier = new ArrayList<>();

  private static AnswerRecord answer(String model, AnswerState state, String content) {
    return new AnswerRecord(
        new AnswerId(model + content.hashCode()),
        new ModelId(model),
        model,
        0,
        1,
        state,
        content,
        "thoughts that are nobody's business",
        1,
        Optional.empty(),
        Optional.empty(),
        Usage.counted(0, 0),
        OptionalLong.empty(),
        OptionalLong.empty(),
        MovedClock.START,
        Optional.empty());
  }

  private void turn(String content, AnswerRecord... answers) {
    int n = earlier.size();
    earlier.add(
        new TurnRecord(
            TestChat.S,
            2L * n + 1,
            new MessageId("u" + n),
            new MessageId("m" + n),
            new Party.User("anna"),
            Optional.empty(),
            content,
            1,
            MovedClock.START,
            1,
            false,
            Arrays.asList(answers)));
  }

  private static Model model(OptionalInt window, Optional<String> system, OptionalInt maxTokens) {
    var parameters =
        new ModelParameters(OptionalDouble.of(0.5), maxTokens, List.of("END"), Optional.empty());
    return new Model(
        ME, "Me", "p", true, window, system, parameters, ScriptedModel.saying(""), () -> true);
  }

  private static Model model(int window) {
    return model(OptionalInt.of(window), Optional.empty(), OptionalInt.empty());
  }

  private List<Message> told(Model model, String content) {
    return context.prompt(model, earlier, content).prompt().messages();
  }

  private List<Message> told(String content) {
    return told(model(OptionalInt.empty(), Optional.empty(), OptionalInt.empty()), content);
  }

  private static Message user(String content) {
    return new Message(Role.USER, content);
  }

  private static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content);
  }

  @Test
  void isTheMessageAloneAtFirst() {
    assertThat(told("hello")).containsExactly(user("hello"));
  }

  @Test
  void givesAModelItsOwnAnswersAndNotThoseOfOthers() {
    turn(
        "one",
        answer("other", AnswerState.COMPLETED, "other's 1"),
        answer("me", AnswerState.COMPLETED, "mine 1"));
    turn(
        "two",
        answer("me", AnswerState.COMPLETED, "mine 2"),
        answer("other", AnswerState.COMPLETED, "other's 2"));

    assertThat(told("three"))
        .containsExactly(
            user("one"), assistant("mine 1"), user("two"), assistant("mine 2"), user("three"));
  }

  @Test
  void fallsBackToTheFirstCompletedAnswerWhereItHasNone() {
    turn(
        "one",
        answer("x", AnswerState.FAILED, "half of x"),
        answer("y", AnswerState.COMPLETED, "y's"),
        answer("z", AnswerState.COMPLETED, "z's"));

    assertThat(told("two")).containsExactly(user("one"), assistant("y's"), user("two"));
  }

  @Test
  void fallsBackTooWhereItSaidNothing() {
    turn("one", answer("me", AnswerState.FAILED, ""), answer("y", AnswerState.COMPLETED, "y's"));

    assertThat(told("two")).containsExactly(user("one"), assistant("y's"), user("two"));
  }

  @ParameterizedTest
  @EnumSource(
      value = AnswerState.class,
      names = {"COMPLETED", "FAILED", "STOPPED", "INTERRUPTED"})
  void takesWhatItSaidItselfHoweverThatEnded(AnswerState state) {
    turn(
        "one",
        answer("y", AnswerState.COMPLETED, "y's"),
        answer("me", state, "mine as far as it came"));

    assertThat(told("two"))
        .containsExactly(user("one"), assistant("mine as far as it came"), user("two"));
  }

  @ParameterizedTest
  @EnumSource(
      value = AnswerState.class,
      names = {"WAITING", "THINKING", "WRITING"})
  void ignoresAnswersThatStillRun(AnswerState state) {
    turn("one", answer("me", state, "half"), answer("y", state, "half too"));

    assertThat(told("two")).containsExactly(user("one"), user("two"));
  }

  @Test
  void hasNobodysWordsInATurnThatNobodyCompleted() {
    turn("one", answer("y", AnswerState.STOPPED, "half"), answer("z", AnswerState.COMPLETED, ""));

    assertThat(told("two")).containsExactly(user("one"), user("two"));
  }

  @Test
  void hasTheNewMessageOnce() {
    turn("same", answer("me", AnswerState.COMPLETED, "a"));

    assertThat(told("same"))
        .containsExactly(user("same"), assistant("a"), user("same")); // one of them is the old one
  }

  @Test
  void dropsTheOldestThatDoNotFit() {
    turn("one", answer("me", AnswerState.COMPLETED, "a"));
    turn("two", answer("me", AnswerState.COMPLETED, "b"));
    turn("three", answer("me", AnswerState.COMPLETED, "c"));

    // 40 less a quarter for the answer: 30; the new message 7, each turn 14
    assertThat(told(model(40), "four"))
        .containsExactly(user("three"), assistant("c"), user("four"));
    // 46 less 11: 35, which is what two turns need
    assertThat(told(model(46), "four"))
        .containsExactly(user("two"), assistant("b"), user("three"), assistant("c"), user("four"));
    assertThat(told(model(45), "four")).hasSize(3);
  }

  @Test
  void dropsNoNewerTurnForASmallerOlderOne() {
    turn("one", answer("me", AnswerState.COMPLETED, "a"));
    turn("two", answer("me", AnswerState.COMPLETED, "b ".repeat(100)));
    turn("three", answer("me", AnswerState.COMPLETED, "c"));

    assertThat(told(model(100), "four"))
        .containsExactly(user("three"), assistant("c"), user("four"));
  }

  @Test
  void neverBeginsWithALoneAnswer() {
    turn("a question of many words ".repeat(10), answer("me", AnswerState.COMPLETED, "a"));

    for (int window = 10; window < 120; window++) {
      assertThat(told(model(window), "next").getFirst().role()).isEqualTo(Role.USER);
    }
  }

  @Test
  void tellsTheMessageEvenWhereNothingFits() {
    turn("one", answer("me", AnswerState.COMPLETED, "a"));

    assertThat(told(model(4), "far too long for so small a window"))
        .containsExactly(user("far too long for so small a window"));
  }

  @Test
  void startsWithTheSystemPromptAndCountsIt() {
    turn("one", answer("me", AnswerState.COMPLETED, "a"));
    var brief = model(OptionalInt.of(40), Optional.of("Be brief"), OptionalInt.empty());
    var wordy = model(OptionalInt.of(40), Optional.of("word ".repeat(10)), OptionalInt.empty());

    assertThat(told(brief, "two"))
        .containsExactly(
            new Message(Role.SYSTEM, "Be brief"), user("one"), assistant("a"), user("two"));
    assertThat(told(wordy, "two"))
        .containsExactly(new Message(Role.SYSTEM, "word ".repeat(10)), user("two"));
  }

  @Test
  void leavesRoomForTheAnswerThatIsAskedFor() {
    turn("one", answer("me", AnswerState.COMPLETED, "a"));
    var shortAnswers = model(OptionalInt.of(40), Optional.empty(), OptionalInt.of(19));
    var longAnswers = model(OptionalInt.of(40), Optional.empty(), OptionalInt.of(20));

    assertThat(told(shortAnswers, "two")).hasSize(3); // 21 are left: 7 and 14
    assertThat(told(longAnswers, "two")).hasSize(1);
  }

  @Test
  void keepsHalfTheWindowForThePromptWhateverIsAskedFor() {
    turn("one", answer("me", AnswerState.COMPLETED, "a"));
    var endless = model(OptionalInt.of(42), Optional.empty(), OptionalInt.of(1_000_000));

    assertThat(told(endless, "two")).hasSize(3);
  }

  @Test
  void takesTheDefaultWindowForAModelWhoseOwnIsNotKnown() {
    for (int i = 0; i < 200; i++) {
      turn("q" + i, answer("me", AnswerState.COMPLETED, "a" + i));
    }

    assertThat(told("now")).hasSize(2 * ((750 - 7) / 14) + 1).startsWith(user("q147"));
  }

  @Test
  void passesTheParametersOn() {
    var prompt = context.prompt(model(100), earlier, "hello").prompt();

    assertThat(prompt.parameters().temperature()).hasValue(0.5);
    assertThat(prompt.parameters().stop()).containsExactly("END");
  }
}
