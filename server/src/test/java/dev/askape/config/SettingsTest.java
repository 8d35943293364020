package dev.askape.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Budgets;
import dev.askape.chat.ModelParameters;
import dev.askape.provider.KeySource;
import dev.askape.provider.Secret;
import dev.askape.provider.policy.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final String ONE_MODEL =
      """
      providers:
        hf: { base-url: "https://router.huggingface.co/v1", api-key: "${HF_TOKEN:-none}" }
      models:
        - { id: deepseek-ai/DeepSeek-V3, provider: hf }
      """;

  @TempDir private Path directory;
  private Configurations configuration;

  @BeforeEach
  void start() {
    configuration = new Configurations(directory);
  }

  @Test
  void hasTheseDefaults() {
    var settings = configuration.load();

    assertThat(settings)
        .usingRecursiveComparison()
        .ignoringFields("values")
        .isEqualTo(
            new Settings(
                new Settings.Server("127.0.0.1", 3001, List.of(), List.of()),
                storage("./data/askape.db"),
                new Settings.Auth(Optional.empty()),
                true,
                new Settings.Local(LocalMode.AUTO, Optional.empty(), OptionalInt.empty(), 2_048),
                Map.of(),
                List.of(),
                new Settings.Stream(Duration.ofMillis(25)),
                new Settings.Shutdown(Duration.ofSeconds(5)),
                new Settings.Limits(
                    32_000,
                    8,
                    8,
                    4,
                    2_000,
                    0,
                    50,
                    100,
                    1 << 20,
                    20_000,
                    1_000,
                    1_000_000,
                    32,
                    32,
                    Duration.ofSeconds(10),
                    Duration.ofMillis(30)),
                new Settings.Log(LogLevel.INFO),
                Budgets.NONE,
                List.of()));
    assertThat(settings.values()).extracting(Setting::origin).containsOnly("default");
  }

  @Test
  void givesAProviderTheseDefaults() {
    var settings = configuration.file(ONE_MODEL).load();

    assertThat(settings.providers().get("hf"))
        .isEqualTo(
            new Settings.Provider(
                ProviderType.OPENAI,
                "https://router.huggingface.co/v1",
                Optional.of(given("none")),
                Optional.empty(),
                Settings.Asking.DEFAULTS,
                Policy.Concurrency.DEFAULTS,
                Policy.Budget.DEFAULTS,
                Optional.empty()));
    assertThat(settings.models())
        .containsExactly(
            new Settings.Model(
                "deepseek-ai/DeepSeek-V3",
                Optional.empty(),
                "hf",
                true,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                ModelParameters.DEFAULTS,
                Optional.empty(),
                Optional.empty(),
                Settings.Asking.DEFAULTS,
                Optional.empty()));
  }

  @Test
  void takesTheLaterOfDefaultsFileEnvironmentAndFlags() {
    configuration.file(
        """
        server:
          host: 127.0.0.2
          port: 4001
        log: { level: warn }
        """);
    configuration.environment("ASKAPE_SERVER_PORT", "4002");
    configuration.environment("ASKAPE_LOG_LEVEL", "error");
    configuration.flag("--log.level", "trace");

    var settings = configuration.load();

    assertThat(settings.values())
        .contains(
            new Setting("server.host", "127.0.0.2", "askape.yaml:2"),
            new Setting("server.port", "4002", "environment ASKAPE_SERVER_PORT"),
            new Setting("log.level", "trace", "--log.level"),
            new Setting("discovery", "true", "default"));
    assertThat(settings.server().port()).isEqualTo(4002);
  }

  @Test
  void takesEveryKeyFromTheEnvironmentAndFromFlags() {
    for (var key : Keys.all()) {
      if (key.path().startsWith("models[]")) {
        continue;
      }
      var path = key.path().replace("<name>", "my-hf");
      var variable = "ASKAPE_" + path.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
      // A blank value is of no type, so it is the key that refuses it.
      var inEnvironment = new Configurations(directory).environment(variable, " ").error();
      var asFlag = new Configurations(directory).flag("--" + path, " ").error();

      if (key.type().plain()) {
        assertThat(inEnvironment).startsWith("environment " + variable + ": " + path + " must be ");
        assertThat(asFlag).startsWith("--" + path + ": " + path + " must be ");
      } else {
        assertThat(inEnvironment + asFlag).doesNotContain("unknown key");
      }
    }
  }

  @Test
  void takesListsAndMappingsAsYamlAndMergesMappings() {
    configuration.file(ONE_MODEL);
    configuration.environment("ASKAPE_SERVER_ORIGINS", "[\"https://a.example\"]");
    configuration.environment(
        "ASKAPE_PROVIDERS", "{local: {base-url: 'http://127.0.0.1:11434/v1'}}");
    configuration.environment("ASKAPE_PROVIDERS_HF_API_KEY", "from: environment");
    configuration.environment("ASKAPE_PROVIDERS_HF_TIMEOUTS", "{total: 1m}");
    configuration.flag("--providers.local.timeouts.first-token", "90s");
    configuration.flag("--models", "[{id: llama3, provider: local}]");

    var settings = configuration.load();

    assertThat(settings.server().origins()).containsExactly("https://a.example");
    assertThat(settings.providers()).containsOnlyKeys("hf", "local");
    assertThat(provider(settings, "hf").apiKey()).contains(given("from: environment"));
    assertThat(provider(settings, "hf").asking().timeouts().total()).hasMinutes(1);
    assertThat(provider(settings, "local").asking().timeouts().firstToken()).hasSeconds(90);
    assertThat(settings.models()).extracting(Settings.Model::id).containsExactly("llama3");
  }

  private static Settings.Provider provider(Settings settings, String name) {
    return Optional.ofNullable(settings.providers().get(name)).orElseThrow();
  }

  @Test
  void findsAProviderOfTheFileUnderItsNameInCapitals() {
    configuration.file(ONE_MODEL.replace("hf", "My_Api"));
    configuration.environment("ASKAPE_PROVIDERS_MY_API_API_KEY", "secret");

    var settings = configuration.load();

    assertThat(provider(settings, "My_Api").apiKey()).contains(given("secret"));
  }

  @Test
  void findsAProviderOfTheEnvironmentUnderItsNameInCapitals() {
    configuration.environment("ASKAPE_PROVIDERS", "{My_Api: {base-url: 'http://a.example'}}");
    configuration.environment("ASKAPE_PROVIDERS_MY_API_API_KEY", "secret");
    configuration.environment("ASKAPE_MODELS", "[{id: a, provider: My_Api}]");

    assertThat(provider(configuration.load(), "My_Api").apiKey()).contains(given("secret"));
  }

  @Test
  void countsAnEmptyVariableAsNotSet() {
    configuration.environment("ASKAPE_SERVER_PORT", "").environment("ASKAPE_CONFIG", "");

    assertThat(configuration.load().server().port()).isEqualTo(3001);
  }

  @Test
  void letsTheLaunchersVariablesPass() {
    configuration.environment("ASKAPE_JAVA_OPTS", "-Xmx1g");

    assertThat(configuration.load().server().port()).isEqualTo(3001);
  }

  @Test
  void readsTheFileOfTheCommandLineBeforeThatOfTheEnvironmentBeforeTheUsualOne() {
    configuration.file("askape.yaml", "server: {port: 1}");
    configuration.file("two.yaml", "server: {port: 2}");
    configuration.file("three.yaml", "server: {port: 3}");

    assertThat(configuration.load().server().port()).isEqualTo(1);
    configuration.environment("ASKAPE_CONFIG", "two.yaml");
    assertThat(configuration.load().server().port()).isEqualTo(2);
    configuration.named("three.yaml");
    assertThat(configuration.load().server().port()).isEqualTo(3);
    assertThat(configuration.load().values())
        .contains(new Setting("server.port", "3", "three.yaml:1"));
  }

  @Test
  void putsVariablesInAfterParsing() {
    configuration.file(
        ONE_MODEL.replace(
            "V3, provider: hf }",
            "V3, provider: hf, name: '${NAME} of ${COMPANY:-nobody}, $${NAME}', max-tokens: '${MAX}' }"));
    configuration.environment("NAME", "x: {y}\n# ${MAX}").environment("MAX", "7");

    var model = configuration.load().models().getFirst();

    assertThat(model.name()).contains("x: {y}\n# ${MAX} of nobody, ${NAME}");
    assertThat(model.parameters().maxTokens()).hasValue(7);
  }

  @Test
  void allowsAnEmptyFileAndEmptySections() {
    assertThat(configuration.file("# nothing\n").load().discovery()).isTrue();
    assertThat(configuration.file("server:\nmodels:\nproviders:\n").load().discovery()).isTrue();
  }

  @Test
  void discoversNothingBesideAConfiguration() {
    assertThat(configuration.file(ONE_MODEL).load().discovery()).isFalse();
  }

  @Test
  void makesTheFirstThreeUnmarkedModelsTheDefaults() {
    assertThat(
            defaults(
                "{id: 'p/*'}",
                "{id: a, default: false}",
                "{id: b}",
                "{id: c}",
                "{id: d}",
                "{id: e}"))
        .containsExactly("b", "c", "d");
  }

  @Test
  void makesOnlyMarkedModelsDefaultsIfThereAreAny() {
    assertThat(defaults("{id: a}", "{id: b, default: true}", "{id: c}", "{id: d, default: true}"))
        .containsExactly("b", "d");
  }

  private List<String> defaults(String... models) {
    var list = String.join(", ", models).replace("{", "{provider: hf, ");
    return configuration.file(ONE_MODEL).flag("--models", "[" + list + "]").load().models().stream()
        .filter(Settings.Model::isDefault)
        .map(Settings.Model::id)
        .toList();
  }

  @Test
  void limitsTurnsPerMinuteOnlyWhereOthersCanConnect() {
    assertThat(configuration.load().limits().turnsPerMinute()).isZero();

    configuration.flag("--server.host", "0.0.0.0").flag("--auth.mode", "open");
    assertThat(configuration.load().limits().turnsPerMinute()).isEqualTo(60);

    configuration.flag("--limits.turns-per-minute", "5");
    assertThat(configuration.load().limits().turnsPerMinute()).isEqualTo(5);
  }

  @Test
  void letsAModelDifferFromItsProviderInPart() {
    configuration.file(
        """
        providers:
          hf: { base-url: "https://a.example", timeouts: { headers: 9s }, retries: { attempts: 2 } }
        models:
          - { id: a, provider: hf, timeouts: { total: 7s } }
          - { id: b, provider: hf, concurrency: { calls: 1 } }
        """);

    var models = configuration.load().models();

    assertThat(models.getFirst().asking().timeouts().total()).hasSeconds(7);
    assertThat(models.getFirst().asking().timeouts().headers()).hasSeconds(9);
    assertThat(models.getFirst().asking().retries().attempts()).isEqualTo(2);
    assertThat(models.getFirst().concurrency()).isEmpty();
    assertThat(models.getLast().asking().timeouts().total()).hasMinutes(5);
    assertThat(models.getLast().concurrency())
        .contains(new Policy.Concurrency(1, 1_000, Duration.ofSeconds(10)));
  }

  @Test
  void takesAKeyFromAFileOrACommand() {
    configuration.file(
        """
        providers:
          a: { base-url: "https://a.example", models: auto, api-key: { file: /run/secrets/key } }
          b: { base-url: "https://b.example", models: auto, api-key: { command: [pass, show, a b] } }
          c: { base-url: "https://c.example", models: auto, api-key: { command: pass show key } }
        """);

    var settings = configuration.load();

    assertThat(provider(settings, "a").apiKey())
        .contains(new KeySource.InFile(Path.of("/run/secrets/key")));
    assertThat(provider(settings, "b").apiKey())
        .contains(new KeySource.FromCommand(List.of("pass", "show", "a b")));
    assertThat(provider(settings, "c").apiKey())
        .contains(new KeySource.FromCommand(List.of("pass", "show", "key")));
    assertThat(settings.values())
        .filteredOn(it -> it.key().endsWith("api-key"))
        .extracting(Setting::value)
        .containsExactly(
            "{file: /run/secrets/key}", "{command: [pass, …]}", "{command: [pass, …]}");
  }

  private static KeySource given(String key) {
    return new KeySource.Given(new Secret(key));
  }

  @Test
  void takesMongoDbFromItsWellKnownVariableUnlessTheFileSaysOtherwise() {
    configuration.environment("MONGODB_URI", "mongodb://anna:geheim${x}@db/askape");

    var settings = configuration.load();

    assertThat(settings.storage().mongoUri())
        .contains(new Secret("mongodb://anna:geheim${x}@db/askape"));
    assertThat(settings.values().toString()).contains("MONGODB_URI").doesNotContain("geheim");

    configuration.environment("ASKAPE_STORAGE_MONGO_URI", "mongodb://other/askape");
    assertThat(configuration.load().storage().mongoUri())
        .contains(new Secret("mongodb://other/askape"));
  }

  private static Settings.Storage storage(String path) {
    return new Settings.Storage(
        new Settings.Sqlite(path),
        Optional.empty(),
        new Settings.Spool("./data/spool.db", 256_000_000, 10_000, Duration.ofMillis(300)),
        Optional.empty());
  }
}
