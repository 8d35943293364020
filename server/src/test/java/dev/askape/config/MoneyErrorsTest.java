package dev.askape.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be wrong with prices, fallbacks and budgets.
class MoneyErrorsTest {
  private static final String PROVIDER = "providers: {hf: {base-url: 'http://127.0.0.1:1/v1'}}\n";

  @TempDir private Path directory;
  private Configurations configuration;

  @BeforeEach
  void start() {
    configuration = new Configurations(directory);
  }

  private String inModels(String... models) {
    return configuration.file(yaml(models)).error();
  }

  private static String yaml(String... models) {
    return PROVIDER + "models: [" + String.join(", ", models) + "]\n";
  }

  @Test
  void refusesHalfAPrice() {
    assertThat(inModels("{id: a, provider: hf, price: {prompt: 1}}"))
        .isEqualTo(
            "askape.yaml:2: models[0] needs price.completion (an amount from 0 to 999999999, such as 0.15); add it");
    assertThat(inModels("{id: a, provider: hf, price: {cached: 1}}"))
        .startsWith("askape.yaml:2: models[0] needs price.prompt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "free", "1e3", "0.0000000001", "1000000000", "$1"})
  void refusesWhatIsNoAmount(String amount) {
    assertThat(inModels("{id: a, provider: hf, price: {prompt: '" + amount + "', completion: 1}}"))
        .isEqualTo(
            "askape.yaml:2: models[0].price.prompt must be an amount from 0 to 999999999, such as 0.15, not \"%s\""
                .formatted(amount));
  }

  @Test
  void refusesAFallbackThatIsNotThere() {
    assertThat(inModels("{id: abc, provider: hf, fallback: abx}", "{id: other, provider: hf}"))
        .isEqualTo(
            "askape.yaml:2: models[0].fallback names abx, which is not among the models; did you mean abc?");
  }

  @Test
  void refusesFallbacksInACircle() {
    assertThat(inModels("{id: a, provider: hf, fallback: a}"))
        .isEqualTo(
            "askape.yaml:2: models[0].fallback leads in a circle: a → a; leave one of them out");
    assertThat(
            inModels(
                "{id: x, provider: hf, fallback: a}",
                "{id: a, provider: hf, fallback: b}",
                "{id: b, provider: hf, fallback: a}"))
        .contains("circle: x → a → b → a");
    assertThat(inModels("{id: 'q/*', provider: hf, fallback: q/one}"))
        .contains("circle: q/* → q/*");
  }

  @Test
  void takesAChainAndAPatternAsFallback() {
    var settings =
        configuration
            .file(
                yaml(
                    "{id: a, provider: hf, fallback: b}",
                    "{id: b, provider: hf, fallback: q/one}",
                    "{id: 'q/*', provider: hf}"))
            .load();

    assertThat(settings.models().getFirst().fallback()).contains("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"budgets.guest.money", "budgets.user.money", "budgets.turn.money"})
  void refusesABudgetInMoneyWhereAModelHasNoPrice(String key) {
    var models =
        yaml("{id: a, provider: hf, price: {prompt: 1, completion: 2}}", "{id: b, provider: hf}");

    assertThat(configuration.file(models).flag("--" + key, "1").error())
        .isEqualTo(
            "askape.yaml:2: models[1] (b) has no price, but %s bounds money; add price: {prompt: …, completion: …}, zeros for a free one"
                .formatted(key));
  }

  @Test
  void refusesABudgetInMoneyWhereNothingHasAPrice() {
    assertThat(configuration.flag("--budgets.user.money", "1").error())
        .isEqualTo(
            "--budgets.user.money: budgets.user.money needs models with prices: configure models, or give a budget in tokens");
  }

  @Test
  void takesABudgetInMoneyWhereAProviderMaySayItsPrices() {
    var provider = "providers: { a: { base-url: \"https://a.example\", models: auto } }";

    assertThat(
            configuration.file(provider).flag("--budgets.user.money", "1").load().budgets().user())
        .isPresent();
  }

  @Test
  void takesNoTokensAsNoBudget() {
    assertThat(configuration.flag("--budgets.user.tokens", "0").error())
        .contains("must be a whole number from 1");
    assertThat(
            new Configurations(directory).flag("--budgets.user.per", "all").load().budgets().user())
        .isEmpty();
  }
}
