package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerTest {
  private final List<String> heard = new ArrayList<>();
  private final Answer answer =
      new Answer(
          new AnswerId("a1"),
          new ModelId("maker/m"),
          "m",
          2,
          MovedClock.START,
          new Answer.Watcher() {
            @Override
            public void happened() {
              heard.add("happened");
            }

            @Override
            public void grown() {
              heard.add("grown");
            }
          });

  private static Ending ending(AnswerState state) {
    return new Ending(
        state,
        Optional.empty(),
        Optional.of(FinishReason.STOP),
        Usage.reported(3, 4),
        OptionalLong.of(5),
        OptionalLong.of(6),
        true);
  }

  @Test
  void movesForwardThroughItsStates() {
    var states = new ArrayList<AnswerState>();
    states.add(answer.state());
    answer.start();
    states.add(answer.state());
    answer.append("hm", AnswerPart.Kind.REASONING);
    states.add(answer.state());
    answer.append("Yes", AnswerPart.Kind.TEXT);
    states.add(answer.state());
    answer.append("hm", AnswerPart.Kind.REASONING);
    states.add(answer.state());
    answer.seal();
    states.add(answer.state());
    answer.end(ending(AnswerState.COMPLETED));
    states.add(answer.state());

    assertThat(states)
        .containsExactly(
            AnswerState.WAITING,
            AnswerState.WAITING,
            AnswerState.THINKING,
            AnswerState.WRITING,
            AnswerState.WRITING,
            AnswerState.WRITING,
            AnswerState.COMPLETED);
  }

  @Test
  void keepsReasoningApartFromText() {
    answer.append("let me see", AnswerPart.Kind.REASONING);
    answer.append("42", AnswerPart.Kind.TEXT);

    assertThat(answer.said().whole()).isEqualTo("42");
    assertThat(answer.reasoning().whole()).isEqualTo("let me see");
    assertThat(answer.said().fragments()).isEqualTo(1);
  }

  @Test
  void takesNothingOnceItIsSealed() {
    answer.append("so far", AnswerPart.Kind.TEXT);
    answer.seal();
    heard.clear();

    assertThat(answer.append(" more", AnswerPart.Kind.TEXT)).isFalse();
    assertThat(answer.append("more", AnswerPart.Kind.REASONING)).isFalse();
    assertThat(answer.said().whole()).isEqualTo("so far");
    assertThat(answer.reasoning().isEmpty()).isTrue();
    assertThat(heard).isEmpty();
  }

  @Test
  void completesItsTextsWhenItIsSealed() {
    answer.append("a\uD83D", AnswerPart.Kind.TEXT);
    answer.append("\uD83D", AnswerPart.Kind.REASONING);
    answer.seal();

    assertThat(answer.said().whole()).isEqualTo("a\uFFFD");
    assertThat(answer.reasoning().whole()).isEqualTo("\uFFFD");
  }

  @Test
  void tellsFirstWordsAndTheEndAtOnceAndGrowthApart() {
    answer.start();
    answer.append("a", AnswerPart.Kind.TEXT);
    answer.append("b", AnswerPart.Kind.TEXT);
    answer.append("c", AnswerPart.Kind.REASONING);
    answer.append("d", AnswerPart.Kind.REASONING);
    answer.seal();
    answer.end(ending(AnswerState.STOPPED));

    assertThat(heard)
        .containsExactly("happened", "happened", "grown", "happened", "grown", "happened");
  }

  @Test
  void isNotStartedUntilItIs() {
    assertThat(answer.isStarted()).isFalse();
    answer.start();
    assertThat(answer.isStarted()).isTrue();
    assertThat(answer.ending()).isEmpty();
  }

  @Test
  void becomesARecordOfWhatItIs() {
    answer.append("Yes", AnswerPart.Kind.TEXT);
    answer.append("hm", AnswerPart.Kind.REASONING);

    var running = answer.toRecord();
    assertThat(running.state()).isEqualTo(AnswerState.WRITING);
    assertThat(running.place()).isEqualTo(2);
    assertThat(running.finishReason()).isEmpty();

    answer.seal();
    answer.end(ending(AnswerState.COMPLETED));
    var over = answer.toRecord();
    assertThat(over.state()).isEqualTo(AnswerState.COMPLETED);
    assertThat(over.content()).isEqualTo("Yes");
    assertThat(over.reasoning()).isEqualTo("hm");
    assertThat(over.fragments()).isEqualTo(1);
    assertThat(over.usage().completionTokens()).isEqualTo(4);
    assertThat(over.firstTokenMs()).hasValue(5);
    assertThat(over.durationMs()).hasValue(6);
  }

  @Test
  void comesBackFromItsRecord() {
    answer.append("Ye", AnswerPart.Kind.TEXT);
    answer.append("s", AnswerPart.Kind.TEXT);
    answer.append("hm", AnswerPart.Kind.REASONING);
    answer.seal();
    answer.end(ending(AnswerState.COMPLETED));
    var record = answer.toRecord();

    var back = Answer.of(record);

    assertThat(back.toRecord()).isEqualTo(record);
    assertThat(back.isStarted()).isTrue();
    assertThat(back.said().fragments()).isEqualTo(2);
    assertThat(back.reasoning().whole()).isEqualTo("hm");
  }

  @ParameterizedTest
  @EnumSource(
      value = AnswerState.class,
      names = {"WAITING", "THINKING", "WRITING"})
  void comesBackAsInterruptedWhenItsRecordHasNoEnd(AnswerState state) {
    var record =
        new AnswerRecord(
            new AnswerId("a"),
            new ModelId("m"),
            "m",
            0,
            1,
            state,
            "so far",
            "",
            3,
            Optional.empty(),
            Optional.empty(),
            Usage.counted(0, 0),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Instant.EPOCH,
            Optional.empty());

    var back = Answer.of(record);

    assertThat(back.state()).isEqualTo(AnswerState.INTERRUPTED);
    assertThat(back.said().whole()).isEqualTo("so far");
  }

  @Test
  void knowsWhichStatesAreTerminal() {
    assertThat(AnswerState.values())
        .filteredOn(AnswerState::isTerminal)
        .containsExactly(
            AnswerState.COMPLETED,
            AnswerState.FAILED,
            AnswerState.STOPPED,
            AnswerState.INTERRUPTED);
  }
}
