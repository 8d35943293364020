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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That no key is forgotten on its way from a file to its setting.
class EveryKeyTest {
  private static final Settings.Asking ASKING_OF_PROVIDER =
      new Settings.Asking(
          new Timeouts(
              Duration.ofMillis(1),
              Duration.ofSeconds(2),
              Duration.ofMinutes(3),
              Duration.ofSeconds(4),
              Duration.ofHours(5)),
          new Policy.Retries(1, Duration.ofMillis(2), Duration.ofMillis(3), Duration.ofMillis(4)),
          new Policy.Breaker(
              5, 6, Duration.ofSeconds(7), Duration.ofSeconds(8), 9, Duration.ofSeconds(10)));

  @TempDir private Path directory;
  private Configurations configuration;

  @BeforeEach
  void start() {
    configuration = new Configurations(directory);
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
                    Optional.of(Duration.ofDays(30))),
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
                        ASKING_OF_PROVIDER,
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
                        ASKING_OF_PROVIDER,
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
            .map(EveryKeyTest::generic)
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

  private static KeySource given(String key) {
    return new KeySource.Given(new Secret(key));
  }
}
