package dev.askape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Money;
import dev.askape.chat.Party;
import dev.askape.chat.Price;
import dev.askape.chat.StorageException;
import dev.askape.cli.Commands.Finding;
import dev.askape.config.ConfigurationPage;
import dev.askape.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static final String PROVIDER =
      "{hf: {base-url: 'http://127.0.0.1:1/v1', api-key: hunter2}}";

  @TempDir private Path directory;
  private final Recorded commands = new Recorded();
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return new CommandLine(
            commands,
            running -> commands.done.add("until the end of " + running.greeting()),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            directory,
            environment)
        .run(List.of(arguments));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void servesUnlessToldOtherwise() {
    assertThat(run()).isZero();
    assertThat(run("serve")).isZero();
    assertThat(run("--server.port=4000")).isZero();
    assertThat(run("serve", "--server.port", "4001")).isZero();

    assertThat(commands.done)
        .containsExactly(
            "serve 3001", "until the end of serve",
            "serve 3001", "until the end of serve",
            "serve 4000", "until the end of serve",
            "serve 4001", "until the end of serve");
    assertThat(out()).startsWith("serve\n");
    assertThat(err()).isEmpty();
  }

  @Test
  void readsTheFileItIsTold() throws IOException {
    Files.writeString(directory.resolve("my.yaml"), "server: {port: 4002}");

    assertThat(run("--config", "my.yaml", "serve")).isZero();
    assertThat(run("serve", "--config=my.yaml")).isZero();

    assertThat(commands.done).contains("serve 4002").doesNotContain("serve 3001");
  }

  @Test
  void startsTheStandInsOnTheirPort() {
    assertThat(run("fake-provider", "--port", "5000")).isZero();
    assertThat(run("conformance", "--port=5001")).isZero();
    assertThat(run("fake-provider", "--port", "5002", "--key=k")).isZero();

    assertThat(commands.done)
        .containsExactly(
            "fake 5000",
            "until the end of fake",
            "conformance 5001",
            "until the end of conformance",
            "fake with k 5002",
            "until the end of fake with k");
  }

  @Test
  void copiesExportsAndMigrates() {
    assertThat(run("backup", "copy.db")).isZero();
    assertThat(run("export", "--user", "anna")).isZero();
    assertThat(run("export", "--guest=guest_1")).isZero();
    assertThat(run("migrate", "--storage.mongo.uri=mongodb://localhost")).isZero();

    assertThat(out())
        .isEqualTo(
            """
            copied to copy.db
            {"owner": "User[id=anna]"}
            {"owner": "Guest[id=guest_1]"}
            12 of them
            all of them
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "backup, backup FILE",
    "export, --user ID or --guest ID",
    "export --user a --guest b, --user ID or --guest ID",
    "backup a b, b is one too many",
  })
  void saysWhatACommandNeeds(String words, String wayOut) {
    assertThat(run(words.split(" "))).isEqualTo(2);

    assertThat(err()).contains(wayOut);
  }

  @Test
  void listsModels() {
    assertThat(run("models")).isZero();

    assertThat(out())
        .isEqualTo(
            """
            deepseek-ai/DeepSeek-V3  DeepSeek V3  hf    default  0.15 in, 2 out, 0.075 cached
            demo-a                   Demo A       demo
            """);
  }

  @Test
  void checksAndHidesSecrets() {
    environment.put("ASKAPE_PROVIDERS", PROVIDER);

    assertThat(run("check", "--models=[{id: a, provider: hf}]")).isZero();

    assertThat(out())
        .containsPattern("(?m)^server\\.port +3001 +default$")
        .containsPattern(
            "(?m)^providers\\.hf\\.api-key +\\(hidden\\) +environment ASKAPE_PROVIDERS$")
        .containsPattern("(?m)^models\\[0]\\.id +a +--models$")
        .containsPattern("(?m)^good +provider hf +2 models$")
        .doesNotContain("hunter2");
    assertThat(err()).isEmpty();
  }

  @Test
  void endsACheckWithTwoIfSomethingIsWrong() {
    commands.findings = List.of(new Finding(false, "provider hf", "refuses the key"));

    assertThat(run("check")).isEqualTo(2);
    assertThat(out()).containsPattern("(?m)^BAD +provider hf +refuses the key$");
  }

  @Test
  void printsItsVersionAndBuild() {
    assertThat(run("version")).isZero();
    assertThat(run("--version")).isZero();

    assertThat(out().lines().distinct())
        .singleElement()
        .asString()
        .matches("AskApe \\d+\\.\\d+\\.\\d+\\S* \\(build \\w+, Java \\d\\S*\\)");
  }

  @ParameterizedTest
  @CsvSource({"--help", "-h", "help", "serve --help"})
  void explainsItself(String arguments) {
    assertThat(run(arguments.split(" ", -1))).isZero();

    assertThat(out()).contains("./askape [command]", "fake-provider", "conformance", "check");
    assertThat(commands.done).isEmpty();
  }

  @Test
  void printsThePageOfTheConfiguration() {
    assertThat(run("configuration-page")).isZero();

    assertThat(out()).isEqualTo(ConfigurationPage.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sevre | unknown command sevre; did you mean serve?",
        "fly | unknown command fly; ./askape --help lists them",
        "serve check | check is one too many; ./askape --help lists the commands",
        "--server.prot=1 | --server.prot: unknown key; did you mean --server.port?",
        "--server.port | --server.port needs a value: --server.port=…",
        "--server.port --log.level=info | --server.port needs a value: --server.port=…",
        "--server.port=1 --server.port=2 | --server.port is there twice; keep one",
        "--server.port=x | --server.port: server.port must be a whole number from 0 to 65535, not \"x\"",
        "fake-provider | fake-provider needs --port N",
        "fake-provider --port x | --port must be a whole number from 0 to 65535, not x",
        "conformance --prot 1 | conformance takes no --prot; did you mean --port?",
        "version --port 1 | version takes no --port; ./askape --help shows what it takes",
        "--config=nope.yaml | --config: there is no file nope.yaml",
      })
  void refusesWhatItDoesNotUnderstandInOneLine(String arguments, String line) {
    assertThat(run(arguments.split(" ", -1))).isEqualTo(2);

    assertThat(err()).isEqualTo("askape: " + line + System.lineSeparator());
    assertThat(out()).isEmpty();
    assertThat(commands.done).isEmpty();
  }

  @Test
  void saysInOneLineThatThePortIsInUse() {
    commands.problem =
        Optional.of(new UncheckedIOException(new BindException("Address already in use")));

    assertThat(run("--server.port=4000")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "askape: --server.port: port 4000 of 127.0.0.1 is in use; end what listens there, or choose another with --server.port=N\n");
  }

  @Test
  void saysTheSameWhateverTheTransportThrows() {
    commands.problem =
        Optional.of(
            new UncheckedIOException(
                new IOException("bind(..) failed with error(-98): Address already in use")));

    assertThat(run()).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "askape: server.port (default): port 3001 of 127.0.0.1 is in use; end what listens there, or choose another with --server.port=N\n");
  }

  @Test
  void saysInOneLineThatThePortOfAStandInIsInUse() {
    commands.problem =
        Optional.of(new UncheckedIOException(new BindException("Address already in use")));

    assertThat(run("fake-provider", "--port", "4000")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "askape: --port: the port is in use; end what listens there, or choose another with --port N\n");
  }

  @Test
  void saysInOneLineThatAFolderCannotBeWritten() {
    commands.problem = Optional.of(new UncheckedIOException(new AccessDeniedException("/data")));

    assertThat(run()).isEqualTo(2);
    assertThat(err()).isEqualTo("askape: /data may not be read or written by this user\n");
  }

  @Test
  void saysInOneLineWhatTheStoreSays() {
    commands.problem =
        Optional.of(new StorageException("another process uses ./data\n(4711)", new IOException()));

    assertThat(run()).isEqualTo(2);
    assertThat(err())
        .isEqualTo("askape: storage.sqlite.path (default): another process uses ./data (4711)\n");
  }

  @Test
  void showsNoStackTraceOfWhatNobodyExpected() {
    commands.problem = Optional.of(new IllegalStateException("the sky\n fell"));

    assertThat(run()).isEqualTo(2);
    assertThat(err())
        .isEqualTo("askape: could not start: the sky fell; --log.level=debug shows more\n");
  }

  /// Commands that only remember what was asked of them.
  private static final class Recorded implements Commands {
    private final List<String> done = new ArrayList<>();
    private Optional<RuntimeException> problem = Optional.empty();
    private List<Finding> findings = List.of(new Finding(true, "provider hf", "2 models"));

    @Override
    public Running serve(Settings settings) {
      return started("serve", settings.server().port());
    }

    @Override
    public List<Model> listModels(Settings settings) {
      return List.of(
          model("deepseek-ai/DeepSeek-V3", "DeepSeek V3", "hf", true)
              .with(
                  Optional.of(
                      new Price(
                          new Money(150_000_000),
                          new Money(2_000_000_000),
                          Optional.of(new Money(75_000_000)))),
                  Optional.empty()),
          model("demo-a", "Demo A", "demo", false));
    }

    private static Model model(String id, String name, String provider, boolean isDefault) {
      return new Model(
          new ModelId(id),
          name,
          provider,
          isDefault,
          OptionalInt.empty(),
          Optional.empty(),
          ModelParameters.DEFAULTS,
          (_, _) -> {
            throw new UnsupportedOperationException();
          },
          () -> true);
    }

    @Override
    public List<Finding> probe(Settings settings) {
      return findings;
    }

    @Override
    public String backup(Settings settings, Path target) {
      return "copied to " + target.getFileName();
    }

    @Override
    public long export(Settings settings, Party owner, Consumer<String> line) {
      line.accept("{\"owner\": \"" + owner + "\"}");
      return 1;
    }

    @Override
    public String migrate(Settings settings, Consumer<String> progress) {
      progress.accept("12 of them");
      return "all of them";
    }

    @Override
    public Running fakeProvider(int port, Optional<String> key) {
      return started(key.map(it -> "fake with " + it).orElse("fake"), port);
    }

    @Override
    public Running conformance(int port) {
      return started("conformance", port);
    }

    private Running started(String what, int port) {
      problem.ifPresent(it -> {
        throw it;
      });
      done.add(what + " " + port);
      return new Running() {
        @Override
        public String greeting() {
          return what;
        }

        @Override
        public void close() {
          done.add("closed " + what);
        }
      };
    }
  }
}
