package dev.askape.localmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static final List<String> GOOD =
      List.of(
          "--model=a=b.gguf",
          "--natives=n",
          "--context=4096",
          "--threads=2",
          "--parallel=3",
          "--queue=0",
          "--compact=true");

  @Test
  void readsAll() {
    assertThat(Options.parse(GOOD))
        .isEqualTo(new Options(Path.of("a=b.gguf"), Path.of("n"), 4096, 2, 3, 0, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--context=1",
        "--threads=0",
        "--threads=x",
        "--queue=-1",
        "--compact=1",
        "--other=1",
        "model"
      })
  void refusesWhatItDoesNotUnderstand(String argument) {
    var arguments = new java.util.ArrayList<>(GOOD);
    arguments.add(argument);

    assertThatThrownBy(() -> Options.parse(arguments)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void missesWhatIsNotThere() {
    assertThatThrownBy(() -> Options.parse(GOOD.subList(0, 6))).hasMessage("--compact is missing");
  }
}
