package dev.askape.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.provider.Attempt.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RekeyedProviderTest {
  private static final Prompt PROMPT = new Prompt(List.of(), ModelParameters.DEFAULTS);
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

  @TempDir private Path directory;
  private final AtomicLong nanos = new AtomicLong(1);
  private final List<String> asked = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private String accepted = "new";
  private Path file;
  private RekeyedProvider provider;

  /// Accepts one key.
  private final class Locked implements Provider {
    private final String key;

    Locked(Secret key) {
      this.key = key.reveal();
    }

    @Override
    public String name() {
      return "p";
    }

    @Override
    public Upstream upstream(String id, CallOptions options) {
      return (_, _, _) -> {
        asked.add(key);
        return key.equals(accepted)
            ? Attempt.answered(new Outcome.Finished(FinishReason.STOP, Optional.empty()))
            : Attempt.failed(
                new Outcome.Failed(ErrorType.UNAUTHORIZED, "p: HTTP 401"), Trouble.KEY);
      };
    }

    @Override
    public List<ListedModel> listModels(Duration timeout) {
      asked.add(key);
      if (!key.equals(accepted)) {
        throw new ProviderException(ErrorType.UNAUTHORIZED, "p: HTTP 401");
      }
      return List.of(ListedModel.of("m"));
    }

    @Override
    public void close() {
      closed.add(key);
    }
  }

  @BeforeEach
  void open() throws IOException {
    file = Files.writeString(directory.resolve("key"), "old");
    provider =
        new RekeyedProvider(new KeySource.InFile(file), new Secret("old"), Locked::new, nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private boolean answers(Upstream upstream) throws InterruptedException {
    return upstream.ask(PROMPT, NOWHERE, 0).outcome() instanceof Outcome.Finished;
  }

  @Test
  void asksWithTheNewKeyWhenTheOldOneIsRefused() throws Exception {
    var upstream = provider.upstream("m", CallOptions.DEFAULTS);
    Files.writeString(file, "new");
    pass(Duration.ofSeconds(10));

    assertThat(answers(upstream)).isTrue();
    assertThat(answers(upstream)).isTrue();
    assertThat(asked).containsExactly("old", "new", "new");
    assertThat(closed).containsExactly("old");
  }

  @Test
  void asksOnceWhenTheKeyIsTheSame() throws Exception {
    pass(Duration.ofSeconds(10));

    assertThat(answers(provider.upstream("m", CallOptions.DEFAULTS))).isFalse();
    assertThat(asked).containsExactly("old");
  }

  @Test
  void asksForTheListWithTheNewKeyWhenTheOldOneIsRefused() throws Exception {
    Files.writeString(file, "new");
    pass(Duration.ofSeconds(10));

    assertThat(provider.listModels(Duration.ofSeconds(1))).containsExactly(ListedModel.of("m"));
    assertThat(asked).containsExactly("old", "new");
  }

  @Test
  void saysThatTheListWasRefusedWhenThereIsNoOtherKey() {
    pass(Duration.ofSeconds(10));

    assertThatThrownBy(() -> provider.listModels(Duration.ofSeconds(1)))
        .isInstanceOf(ProviderException.class);
    assertThat(asked).containsExactly("old");
  }

  @Test
  void readsTheKeyNotTooOften() throws Exception {
    var upstream = provider.upstream("m", CallOptions.DEFAULTS);
    pass(Duration.ofSeconds(10));
    assertThat(answers(upstream)).isFalse();
    Files.writeString(file, "new");
    pass(Duration.ofMillis(9_999));
    assertThat(answers(upstream)).isFalse();
    pass(Duration.ofMillis(1));

    assertThat(answers(upstream)).isTrue();
  }

  @Test
  void goesOnWithTheOldKeyWhenThereIsNoOther() throws Exception {
    var upstream = provider.upstream("m", CallOptions.DEFAULTS);
    Files.delete(file);
    pass(Duration.ofSeconds(10));
    assertThat(answers(upstream)).isFalse();

    accepted = "old";
    assertThat(answers(upstream)).isTrue();
  }

  @Test
  void takesTheKeyThatAnotherModelHasFound() throws Exception {
    var one = provider.upstream("one", CallOptions.DEFAULTS);
    var other = provider.upstream("other", CallOptions.DEFAULTS);
    Files.writeString(file, "new");
    pass(Duration.ofSeconds(10));
    assertThat(answers(one)).isTrue();
    asked.clear();

    assertThat(answers(other)).isTrue();
    assertThat(asked).containsExactly("new");
  }
}
