package dev.askape.provider.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Model;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DemoModelTest {
  private static final DemoModel QUICK = new DemoModel("one two\n\nthree\n", Duration.ZERO);

  private final List<String> said = new ArrayList<>();

  @Test
  void quotesTheMessageAndSaysItsTextWordByWord() throws Exception {
    assertThat(QUICK.answer(prompt("  hello\nthere"), sink(100)))
        .isEqualTo(new Outcome.Finished(FinishReason.STOP, Optional.empty()));
    assertThat(said)
        .containsExactly("You ", "wrote: ", "“hello ", "…”\n\n", "one ", "two\n\n", "three");
  }

  @Test
  void cutsALongMessageBetweenCharacters() throws Exception {
    QUICK.answer(prompt("😀".repeat(1_000)), sink(100));

    assertThat(String.join("", said)).startsWith("You wrote: “" + "😀".repeat(60) + "…”\n\none");
  }

  @Test
  void saysItsTextWhenThereIsNothingToQuote() throws Exception {
    QUICK.answer(prompt(" "), sink(100));

    assertThat(String.join("", said)).isEqualTo("one two\n\nthree");
  }

  @Test
  void stopsWhenNoMoreIsWanted() throws Exception {
    QUICK.answer(prompt("x"), sink(2));

    assertThat(said).hasSize(2);
  }

  @Test
  void endsWhenItIsInterrupted() {
    var slow = new DemoModel("never", Duration.ofHours(1));
    var interrupted = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                slow.answer(prompt("x"), sink(1));
                interrupted.complete(false);
              } catch (InterruptedException _) {
                interrupted.complete(true);
              }
            });
    thread.interrupt();

    assertThat(interrupted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
  }

  @Test
  void thereAreTwoThatSayWhatTheyAre() {
    assertThat(DemoModels.list())
        .extracting(Model::name)
        .containsExactly("Demo A, not a language model", "Demo B, not a language model");
    assertThat(DemoModels.list())
        .extracting(model -> model.id().value())
        .containsExactly("askape/demo-a", "askape/demo-b");
    assertThat(DemoModels.list()).allMatch(Model::isDefault);
  }

  private AnswerSink sink(int wanted) {
    return new AnswerSink() {
      @Override
      public boolean text(String fragment) {
        said.add(fragment);
        return said.size() < wanted;
      }

      @Override
      public boolean thinking(String fragment) {
        throw new AssertionError("it does not think");
      }
    };
  }

  private static Prompt prompt(String text) {
    return new Prompt(
        List.of(new Prompt.Message(Prompt.Role.USER, text)), ModelParameters.DEFAULTS);
  }
}
