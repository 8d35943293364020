package dev.askape.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Budget;
import dev.askape.chat.Budgets;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Money;
import dev.askape.chat.Price;
import dev.askape.provider.KeySource;
import dev.askape.provider.Secret;
import dev.askape.provider.Timeouts;
import dev.askape.provider.policy.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
  void mapsEveryKeyToItsSetting() {
    var settings = configuration.file(EVERY_KEY).environment("HF_TOKEN", "hf_abc").load();

    assertThat(settings)
        .usingRecursiveComparison()
        .ignoringFields("values")
        .isEqualTo(
            new Settings(
                new Settings.Server(
                    "::1", 4000, List.of("https://chat.example.org"), List.of("chat.example.org")),
                new Settings.Storage(
                    new Settings.Sqlite(":memory:"),
                    Optional.of(new Secret("mongodb://db.example.org/chats")),
                    new Settings.Spool("fast/spool.db", 100_000_000, 17, Duration.ofMillis(18)),
                    Optional.of(Duration.ofHours(720))),
                new Settings.Auth(Optional.of(AuthMode.OPEN)),
                false,
                new Settings.Local(
                    LocalMode.TRUE, Optional.of("my.gguf"), OptionalInt.of(3), 2_048),
                Map.of(
                    "hf",
                    new Settings.Provider(
                        ProviderType.OPENAI,
                        "https://router.huggingface.co/v1",
                        Optional.of(given("hf_abc")),
                        Optional.of("ca.pem"),
                        new Settings.Asking(
                            new Timeouts(
                                Duration.ofMillis(1),
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(3),
                                Duration.ofSeconds(4),
                                Duration.ofHours(5)),
                            new Policy.Retries(
                                1,
                                Duration.ofMillis(2),
                                Duration.ofMillis(3),
                                Duration.ofMillis(4)),
                            new Policy.Breaker(
                                5,
                                6,
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                9,
                                Duration.ofSeconds(10))),
                        new Policy.Concurrency(6, 7, Duration.ofMillis(8)),
                        new Policy.Budget(11),
                        Optional.of(
                            new Settings.Catalogue(
                                List.of("Qwen/*"),
                                List.of("*embed*"),
                                "hf/",
                                Duration.ofMinutes(12))))),
                List.of(
                    new Settings.Model(
                        "deepseek-ai/DeepSeek-V3",
                        Optional.of("DeepSeek V3"),
                        "hf",
                        true,
                        Optional.of("deepseek-ai/DeepSeek-V3:fireworks"),
                        OptionalInt.of(128_000),
                        Optional.of("Be brief."),
                        new ModelParameters(
                            OptionalDouble.of(0.7),
                            OptionalInt.of(900),
                            List.of("END"),
                            Optional.of("low")),
                        Optional.of(
                            new Price(
                                new Money(150_000_000),
                                new Money(600_000_000),
                                Optional.of(new Money(75_000_000)))),
                        Optional.of("Qwen/QwQ"),
                        new Settings.Asking(
                            new Timeouts(
                                Duration.ofMillis(21),
                                Duration.ofMillis(22),
                                Duration.ofMillis(23),
                                Duration.ofMillis(24),
                                Duration.ofMillis(25)),
                            new Policy.Retries(
                                2,
                                Duration.ofMillis(26),
                                Duration.ofMillis(27),
                                Duration.ofMillis(28)),
                            new Policy.Breaker(
                                29,
                                30,
                                Duration.ofSeconds(31),
                                Duration.ofSeconds(32),
                                33,
                                Duration.ofSeconds(34))),
                        Optional.of(new Policy.Concurrency(35, 36, Duration.ofMillis(37)))),
                    new Settings.Model(
                        "Qwen/*",
                        Optional.empty(),
                        "hf",
                        false,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        ModelParameters.DEFAULTS,
                        Optional.of(new Price(Money.ZERO, Money.ZERO, Optional.empty())),
                        Optional.empty(),
                        new Settings.Asking(
                            new Timeouts(
                                Duration.ofMillis(1),
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(3),
                                Duration.ofSeconds(4),
                                Duration.ofHours(5)),
                            new Policy.Retries(
                                1,
                                Duration.ofMillis(2),
                                Duration.ofMillis(3),
                                Duration.ofMillis(4)),
                            new Policy.Breaker(
                                5,
                                6,
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                9,
                                Duration.ofSeconds(10))),
                        Optional.empty())),
                new Settings.Stream(Duration.ZERO),
                new Settings.Shutdown(Duration.ofSeconds(9)),
                new Settings.Limits(
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    7,
                    8,
                    9_000,
                    10,
                    11,
                    12_288,
                    13,
                    14,
                    Duration.ofMillis(15),
                    Duration.ofMillis(16)),
                new Settings.Log(LogLevel.DEBUG),
                new Budgets(
                    Optional.of(
                        new Budget(
                            OptionalLong.of(100_000),
                            Optional.of(new Money(2_000_000_000_000L)),
                            Budget.Period.ALL)),
                    Optional.of(
                        new Budget(
                            OptionalLong.of(7),
                            Optional.of(new Money(1_500_000_000)),
                            Budget.Period.DAY)),
                    Optional.of(
                        new Budgets.OfTurn(
                            OptionalLong.of(20_000), Optional.of(new Money(10_000_000)))),
                    512),
                List.of()));
    var written =
        settings.values().stream()
            .map(Setting::key)
            .filter(key -> !key.startsWith("models[1]"))
            .map(SettingsTest::generic)
            .toList();
    assertThat(written).containsExactlyElementsOf(Keys.all().stream().map(Key::path).toList());
    assertThat(settings.values()).extracting(Setting::origin).doesNotContain("default");
  }

  private static String generic(String key) {
    return key.replace("providers.hf.", "providers.<name>.").replace("models[0]", "models[]");
  }

  private static final String EVERY_KEY =
      """
      server:
        host: "::1"
        port: 4000
        origins: ["https://chat.example.org"]
        hosts: [chat.example.org]
      storage:
        sqlite: { path: ":memory:" }
        mongo: { uri: "mongodb://db.example.org/chats" }
        spool: { path: fast/spool.db, size: 100MB, sessions: 17, patience: 18ms }
        guest-retention: 720h
      auth: { mode: open }
      discovery: false
      local: {enabled: true, model: my.gguf, threads: 3, context: 2048}
      providers:
        hf:
          type: openai
          base-url: https://router.huggingface.co/v1
          api-key: ${HF_TOKEN}
          authorities: ca.pem
          timeouts: { connect: 1ms, headers: 2s, first-token: 3m, between-tokens: 4s, total: 5h }
          retries: { attempts: 1, first-pause: 2ms, longest-pause: 3ms, longest-wait: 4ms, budget: 11% }
          breaker: { calls: 5, failures: 6%, window: 7s, open: 8s, probes: 9, refused-key: 10s }
          concurrency: { calls: 6, queue: 7, wait: 8ms }
          models: auto
          include: ["Qwen/*"]
          exclude: ["*embed*"]
          prefix: hf/
          refresh: 12m
      models:
        - id: deepseek-ai/DeepSeek-V3
          name: DeepSeek V3
          provider: hf
          default: true
          upstream-id: deepseek-ai/DeepSeek-V3:fireworks
          context-window: 128000
          system-prompt: Be brief.
          temperature: 0.7
          max-tokens: 900
          stop: [END]
          reasoning-effort: low
          price: { prompt: 0.15, completion: 0.60, cached: 0.075 }
          fallback: Qwen/QwQ
          timeouts: { connect: 21ms, headers: 22ms, first-token: 23ms, between-tokens: 24ms, total: 25ms }
          retries: { attempts: 2, first-pause: 26ms, longest-pause: 27ms, longest-wait: 28ms }
          breaker: { calls: 29, failures: 30%, window: 31s, open: 32s, probes: 33, refused-key: 34s }
          concurrency: { calls: 35, queue: 36, wait: 37ms }
        - { id: Qwen/*, provider: hf, price: { prompt: 0, completion: 0 } }
      stream: { merge: 0 }
      shutdown: { grace: 9s }
      limits:
        message-characters: 1
        models-per-turn: 2
        turns-per-identity: 3
        turns-per-session: 4
        answers: 5
        turns-per-minute: 6
        events-per-second: 7
        events-burst: 8
        answer-bytes: 9kB
        connections: 10
        connections-per-address: 11
        payload-bytes: 12KiB
        json-depth: 13
        sessions-per-socket: 14
        connect-timeout: 15ms
        history-wait: 16ms
      log: { level: debug }
      budgets:
        guest: { tokens: 100000, money: 2000, per: all }
        user: { tokens: 7, money: 1.50, per: day }
        turn: { tokens: 20000, money: 0.01 }
        answer-tokens: 512
      """;

  @Test
  void showsEveryValueAsItWouldBeWrittenAndNoSecret() {
    var settings = configuration.file(EVERY_KEY).environment("HF_TOKEN", "hf_abc").load();

    assertThat(settings.values())
        .contains(
            new Setting("server.origins", "[https://chat.example.org]", "askape.yaml:4"),
            new Setting("storage.sqlite.path", ":memory:", "askape.yaml:7"),
            new Setting("storage.mongo.uri", "(hidden)", "askape.yaml:8"),
            new Setting("providers.hf.api-key", "(hidden)", "askape.yaml:18"),
            new Setting("providers.hf.timeouts.first-token", "3m", "askape.yaml:20"),
            new Setting("models[0].temperature", "0.7", "askape.yaml:37"),
            new Setting("stream.merge", "0", "askape.yaml:48"),
            new Setting("limits.payload-bytes", "12KiB", "askape.yaml:62"),
            new Setting("models[0].price.cached", "0.075", "askape.yaml:41"),
            new Setting("budgets.user.money", "1.5", "askape.yaml:70"));
    assertThat(settings.toString()).doesNotContain("hf_abc");
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
