package dev.askape.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.config.Key.Absence;
import org.junit.jupiter.api.Test;

class KeysTest {
  @Test
  void isDescribedOnce() {
    assertThat(Keys.all()).extracting(Key::path).doesNotHaveDuplicates();
    assertThat(Keys.all()).extracting(Key::meaning).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void showsItsDefaultAsItIsWritten() {
    for (var key : Keys.all()) {
      if (key.absence() instanceof Absence.Default(var written)) {
        assertThat(shown(key, written)).as(key.path()).isEqualTo(canonical(written));
      }
    }
  }

  private static <T> String shown(Key<T> key, String written) {
    var value =
        key.type().plain()
            ? new Value.Text(written, written, "default")
            : new Value.Items(java.util.List.of(), "default");
    return key.type().printer().apply(key.parse(value, key.path()));
  }

  private static String canonical(String written) {
    return written.equals("60s") ? "1m" : written;
  }
}
