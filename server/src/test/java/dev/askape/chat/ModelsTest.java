package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {
  private static Model model(String id, boolean isDefault) {
    return new Model(
        new ModelId(id),
        Model.nameOf(new ModelId(id)),
        "p",
        isDefault,
        OptionalInt.empty(),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        ScriptedModel.saying("hi"),
        () -> true);
  }

  private static boolean matches(String form, String id) {
    var models =
        new Models(
            List.of(),
            List.of(new Models.Pattern(new IdPattern(form), found -> model(found.value(), false))));
    return models.find(new ModelId(id)).isPresent();
  }

  @Test
  void listsOthersFromOneMomentToTheNext() {
    var before = model("a", true);
    var after = model("b", true);
    var models =
        new Models(
            List.of(before, model("c", false)),
            List.of(new Models.Pattern(new IdPattern("p-*"), id -> model(id.value(), false))));
    var seen = models.listed();

    models.list(List.of(after, before.asDefault(false)));

    assertThat(models.defaults()).containsExactly(after);
    assertThat(models.listed()).extracting(it -> it.id().value()).containsExactly("b", "a");
    assertThat(models.find(new ModelId("c"))).isEmpty();
    assertThat(models.find(new ModelId("p-1"))).isPresent();
    assertThat(seen).extracting(it -> it.id().value()).containsExactly("a", "c");
  }

  @Test
  void findsListedModelsFirstThenThoseOfTheFirstPatternThatFits() {
    var listed = model("Qwen/known", true);
    var models =
        new Models(
            List.of(listed),
            List.of(
                new Models.Pattern(new IdPattern("Qwen/*"), id -> model("first " + id, false)),
                new Models.Pattern(new IdPattern("*"), id -> model("second " + id, false))));

    assertThat(models.find(new ModelId("Qwen/known"))).containsSame(listed);
    assertThat(models.find(new ModelId("Qwen/other")).map(m -> m.id().value()))
        .contains("first Qwen/other");
    assertThat(models.find(new ModelId("else")).map(m -> m.id().value())).contains("second else");
  }

  @Test
  void knowsNothingElse() {
    var models =
        new Models(
            List.of(model("a", true)),
            List.of(new Models.Pattern(new IdPattern("Qwen/*"), id -> model(id.value(), false))));

    assertThat(models.find(new ModelId("b"))).isEmpty();
    assertThat(models.find(new ModelId("qwen/x"))).isEmpty();
    assertThat(models.find(new ModelId("xQwen/x"))).isEmpty();
  }

  @Test
  void listsModelsNotPatternsInTheirOrder() {
    var models =
        new Models(
            List.of(model("c", false), model("a", true), model("b", true)),
            List.of(new Models.Pattern(new IdPattern("*"), id -> model(id.value(), true))));

    assertThat(models.listed()).extracting(m -> m.id().value()).containsExactly("c", "a", "b");
    assertThat(models.defaults()).extracting(m -> m.id().value()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource({
    "maker/model-7b, model-7b",
    "a/b/c, c",
    "plain, plain",
    "ends/, ends/",
    "/, /",
    "/x, x",
  })
  void namesAModelByWhatFollowsTheLastSlash(String id, String name) {
    assertThat(Model.nameOf(new ModelId(id))).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "Qwen/*, Qwen/, true",
    "Qwen/*, Qwen, false",
    "*, anything, true",
    "*b, aab, true",
    "*b, aba, false",
    "a*c*e, abcde, true",
    "a*c*e, aced, false",
    "a**b, ab, true",
    "*ab*ab, abab, true",
    "*ab*ab, ab, false",
    "exact, exact, true",
    "exact, exactly, false",
    "a.c, abc, false",
    "[ab]*, a1, false",
  })
  void takesAStarForAnyCharactersAndTheRestForItself(String form, String id, boolean fits) {
    assertThat(matches(form, id)).isEqualTo(fits);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithRegularExpressions(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      var form = anyOf(random, "ab*", 8);
      var id = anyOf(random, "ab", 10);
      var regex = Pattern.compile(form.replace("*", ".*"));

      assertThat(matches(form, id))
          .as("seed %s: %s of %s", seed, form, id)
          .isEqualTo(regex.matcher(id).matches());
    }
  }

  private static String anyOf(Random random, String alphabet, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Test
  void doesNotTakeLongForAnyPattern() {
    // exponential matching would not end within the life of the universe
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertThat(matches("*a".repeat(100) + "b", "a".repeat(256))).isFalse();
          assertThat(matches("*".repeat(10_000) + "b", "a".repeat(256))).isFalse();
          assertThat(matches("a*".repeat(2_000), "a".repeat(2_000))).isTrue();
        });
  }
}
