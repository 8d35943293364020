package dev.askape.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The exact line for each thing that can be wrong.
class ConfigErrorsTest {
  private static final String PROVIDER = "providers: {hf: {base-url: 'http://127.0.0.1:1/v1'}}\n";

  @TempDir private Path directory;
  private Configurations configuration;

  @BeforeEach
  void start() {
    configuration = new Configurations(directory);
  }

  private String inFile(String yaml) {
    return configuration.file(yaml).error();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server: {prot: 1}            | askape.yaml:1: unknown key server.prot; did you mean server.port?",
        "port: 1                      | askape.yaml:1: unknown key port; did you mean server.port?",
        "server.port: 1               | askape.yaml:1: unknown key server.port; in YAML it is nested: server: {port: …}",
        "server: {colour: red}        | askape.yaml:1: unknown key server.colour; the keys here are host, port, origins, hosts",
        "providers: {hf: {apikey: 1}} | askape.yaml:1: unknown key providers.hf.apikey; did you mean providers.hf.api-key?",
        "models: [{ID: 1}]            | askape.yaml:1: unknown key models[0].ID; did you mean models[0].id?",
        "server: {port: abc}          | askape.yaml:1: server.port must be a whole number from 0 to 65535, not \"abc\"",
        "server: {port: 70000}        | askape.yaml:1: server.port must be a whole number from 0 to 65535, not \"70000\"",
        "server: {port: -1}           | askape.yaml:1: server.port must be a whole number from 0 to 65535, not \"-1\"",
        "server: {port: 1.5}          | askape.yaml:1: server.port must be a whole number from 0 to 65535, not \"1.5\"",
        "server: {port: [1]}          | askape.yaml:1: server.port must be a whole number from 0 to 65535, not a list",
        "server: {host: {a: 1}}       | askape.yaml:1: server.host must be a host name or IP address, without a port, not a mapping",
        "server: {host: 'a:80'}       | askape.yaml:1: server.host must be a host name or IP address, without a port, not \"a:80\"",
        "server: 5                    | askape.yaml:1: server must be a mapping with the keys host, port, origins, hosts, not a single value",
        "providers: [a]               | askape.yaml:1: providers must be a mapping with names of your choice, not a list",
        "providers: {a b: {}}         | askape.yaml:1: a name in providers must be 1 to 64 letters, digits, - or _",
        "models: {id: 1}              | askape.yaml:1: models must be a list, not a mapping",
        "server: {origins: 'http://a'}| askape.yaml:1: server.origins must be a list of origins ([\"https://chat.example.org\"], without a path), not \"http://a\"",
        "server: {origins: ['http://a/']}| askape.yaml:1: server.origins must be a list of origins ([\"https://chat.example.org\"], without a path), not a list",
        "discovery: yes               | askape.yaml:1: discovery must be true or false, not \"yes\"",
        "auth: {mode: closed}         | askape.yaml:1: auth.mode must be open, not \"closed\"",
        "log: {level: loud}           | askape.yaml:1: log.level must be error | warn | info | debug | trace, not \"loud\"",
        "stream: {merge: 25}          | askape.yaml:1: stream.merge must be a duration from 0 to 10s, not \"25\"",
        "shutdown: {grace: 1h}        | askape.yaml:1: shutdown.grace must be a duration from 0 to 10m, not \"1h\"",
        "limits: {answer-bytes: 1GB}  | askape.yaml:1: limits.answer-bytes must be a size from 1kB to 100MB, not \"1GB\"",
        "limits: {turns-per-minute: x}| askape.yaml:1: limits.turns-per-minute must be a whole number from 0 to 1000000, or auto, not \"x\"",
        "storage: {sqlite: {path: ''}}| askape.yaml:1: storage.sqlite.path must be a text, not \"\"",
        "[1]                          | askape.yaml:1: the file must be a mapping, such as server: {port: 3001}",
      })
  void refusesWhatIsNoKeyOrNoValueForIt(String yaml, String line) {
    // The delimiter of the table also stands between the choices of a value.
    assertThat(inFile(yaml)).startsWith(line.strip());
  }

  @Test
  void namesTheLineOfTheKey() {
    assertThat(inFile("server:\n  host: ::1\n\n  # so\n  prot: 3001\n"))
        .isEqualTo("askape.yaml:5: unknown key server.prot; did you mean server.port?");
  }

  @Test
  void refusesAnUnknownVariable() {
    assertThat(configuration.environment("ASKAPE_SERVER_PROT", "1").error())
        .isEqualTo("environment ASKAPE_SERVER_PROT: unknown key; did you mean ASKAPE_SERVER_PORT?");
  }

  @Test
  void refusesAnUnknownVariableAlsoIfItIsEmpty() {
    assertThat(configuration.environment("ASKAPE_TELEPATHY", "").error())
        .isEqualTo(
            "environment ASKAPE_TELEPATHY: unknown key; docs/configuration.md lists all there are");
  }

  @Test
  void knowsTheProvidersOfTheFileWhenItSuggestsAVariable() {
    configuration.file(PROVIDER).environment("ASKAPE_PROVIDERS_HF_API_KYE", "sk-secret");

    assertThat(configuration.error())
        .isEqualTo(
            "environment ASKAPE_PROVIDERS_HF_API_KYE: unknown key; did you mean ASKAPE_PROVIDERS_HF_API_KEY?");
  }

  @Test
  void refusesAnUnknownFlag() {
    assertThat(configuration.flag("--server.prot", "1").error())
        .isEqualTo("--server.prot: unknown key; did you mean --server.port?");
  }

  @Test
  void findsTheKeyOfAShortFlag() {
    assertThat(configuration.flag("--port", "1").error())
        .isEqualTo("--port: unknown key; did you mean --server.port?");
  }

  @Test
  void namesTheVariableOfAWrongValue() {
    assertThat(configuration.environment("ASKAPE_SERVER_PORT", "abc").error())
        .isEqualTo(
            "environment ASKAPE_SERVER_PORT: server.port must be a whole number from 0 to 65535, not \"abc\"");
  }

  @Test
  void namesTheFlagOfAWrongValue() {
    assertThat(configuration.flag("--server.port", "abc").error())
        .isEqualTo(
            "--server.port: server.port must be a whole number from 0 to 65535, not \"abc\"");
  }

  @Test
  void refusesAWrongValueAlsoIfALaterSourceReplacesIt() {
    assertThat(configuration.file("server: {port: abc}").flag("--server.port", "1").error())
        .startsWith("askape.yaml:1: server.port must be ");
  }

  @Test
  void refusesAMissingVariable() {
    assertThat(inFile("providers:\n  hf:\n    api-key: ${HF_TOKEN}\n"))
        .isEqualTo(
            "askape.yaml:3: providers.hf.api-key needs the environment variable HF_TOKEN, which is not set;"
                + " set it, or write ${HF_TOKEN:-default}");
  }

  @Test
  void refusesAVariableWithoutAName() {
    assertThat(inFile("server: {host: '${a b}'}"))
        .isEqualTo(
            "askape.yaml:1: server.host has a ${ that names no variable; write ${NAME}, or $${ for the characters");
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    assertThat(inFile("server:\n  port: 1\n  host: ::1\n  port: 2\n"))
        .isEqualTo("askape.yaml:4: server.port is there twice (first at askape.yaml:2); keep one");
  }

  @Test
  void refusesWhatIsNoYaml() {
    assertThat(inFile("server:\n  port: 1\n host: 2\n"))
        .startsWith("askape.yaml:3: not valid YAML: ")
        .doesNotContain("\n");
    assertThat(configuration.file("").environment("ASKAPE_MODELS", "[{").error())
        .startsWith("environment ASKAPE_MODELS: not valid YAML: ");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThat(configuration.named("nope.yaml").error())
        .isEqualTo("--config: there is no file nope.yaml");
  }

  @Test
  void refusesAFileOfTheEnvironmentThatIsNotThere() {
    assertThat(configuration.environment("ASKAPE_CONFIG", "/nope.yaml").error())
        .isEqualTo("environment ASKAPE_CONFIG: there is no file /nope.yaml");
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    Files.createDirectory(directory.resolve("askape.yaml"));
    assertThat(configuration.error())
        .isEqualTo("askape.yaml: cannot be read; is it a file that you may read?");
  }

  @Test
  void refusesAFileThatIsNotUtf8() throws IOException {
    Files.write(directory.resolve("askape.yaml"), "a: é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(configuration.error()).isEqualTo("askape.yaml: not UTF-8; save it in that encoding");
  }

  @Test
  void refusesAliasesThatGrowWithoutEnd() {
    var yaml = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (var c = 'b'; c < 'j'; c++) {
      yaml.append("%s: &%s [%s]\n".formatted(c, c, ("*" + (char) (c - 1) + ",").repeat(10)));
    }
    assertThat(inFile(yaml.toString()))
        .isEqualTo(
            "askape.yaml: not valid YAML: it has characters that no YAML has, or too many aliases");
    assertThat(inFile("server: &s {host: *s}"))
        .isEqualTo("askape.yaml:1: too large or too deeply nested for a configuration");
  }

  @Test
  void refusesOpenModeWhereOthersCanConnectUnlessItIsWritten() {
    assertThat(configuration.flag("--server.host", "0.0.0.0").error())
        .isEqualTo(
            "--server.host: server.host 0.0.0.0 can be reached from other machines, and in open mode anybody there"
                + " is who he says he is; if that is wanted, write auth.mode: open (or --auth.mode=open),"
                + " else listen on 127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST"})
  void needsNoModeOnLoopback(String host) {
    assertThat(configuration.flag("--server.host", host).error()).isEqualTo("it was accepted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "::", "192.168.1.2", "chat.example.org", "localhost.example.org"})
  void needsAModeElsewhere(String host) {
    assertThat(configuration.flag("--server.host", host).error()).contains("write auth.mode: open");
  }

  @Test
  void refusesProvidersWithoutModels() {
    assertThat(inFile(PROVIDER))
        .isEqualTo(
            "askape.yaml:1: there are providers but no models; add models: [{id: …, provider: hf}], or models: auto to the provider");
  }

  @Test
  void refusesAModelOfAProviderThatDoesNotExist() {
    assertThat(inFile(PROVIDER + "models:\n- {id: a, provider: hg}\n"))
        .isEqualTo(
            "askape.yaml:3: models[0].provider names hg, which is not among the providers; did you mean hf?");
    assertThat(inFile("models:\n- {id: a, provider: hf}\n"))
        .isEqualTo(
            "askape.yaml:2: models[0].provider names hf, which is not among the providers; there are none; add it under providers");
  }

  @Test
  void refusesAModelThatIsThereTwice() {
    assertThat(inFile(PROVIDER + "models:\n- {id: a, provider: hf}\n- {id: a, provider: hf}\n"))
        .isEqualTo("askape.yaml:4: the model a is there twice (first at askape.yaml:3); keep one");
  }

  @Test
  void refusesWhatAProviderOrAModelNeeds() {
    assertThat(inFile("providers:\n  hf: {type: openai}\n"))
        .isEqualTo(
            "askape.yaml:2: providers.hf needs base-url (a URL (https://api.example.org/v1, without a user, ? or #)); add it");
    assertThat(inFile(PROVIDER + "models:\n- {provider: hf}\n"))
        .isEqualTo("askape.yaml:3: models[0] needs id (1 to 256 printable characters); add it");
  }

  @Test
  void refusesAPatternAsDefaultOrUnderAnotherId() {
    assertThat(inFile(PROVIDER + "models: [{id: 'q/*', provider: hf, default: true}]"))
        .isEqualTo(
            "askape.yaml:2: models[0].default cannot be true: q/* is a pattern, not a model");
    assertThat(inFile(PROVIDER + "models: [{id: 'q/*', provider: hf, upstream-id: a}]"))
        .isEqualTo(
            "askape.yaml:2: models[0].upstream-id has no meaning: what q/* matches is passed on as it is");
  }

  @Test
  void refusesMoreDefaultsThanATurnCanHave() {
    var models =
        "models: [{id: a, provider: hf, default: true}, {id: b, provider: hf, default: true}]";
    assertThat(configuration.file(PROVIDER + models).flag("--limits.models-per-turn", "1").error())
        .isEqualTo(
            "2 models are defaults, but limits.models-per-turn (--limits.models-per-turn) is 1; raise it, or mark fewer with default: true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "providers: {hf: hunter2}",
        "providers: hunter2",
        "providers: {hf: {api-key: *hunter2}}",
        "providers: {hf: {api-key: [hunter2]}}",
        "providers: {hf: {api-key: {key: hunter2}}}",
        "providers: {hf: {api-key: {command: [[hunter2]]}}}",
        "providers: {hf: {api-key: 'hunter2}}",
        "providers: {hf: {api-key: hunter2, api-key: b}}",
        "providers: {hf: {api-key: \"\\hunter2\"}}",
        "providers: {hf: {base-url: 'https://me:hunter2@a.example/'}}",
        "providers: {hf: {base-url: 'https://a.example/?key=hunter2'}}",
        "server: {port: '${TOKEN}'}",
        "server: {host: 'a ${TOKEN}'}",
      })
  void showsNoSecretInAnyOfThese(String yaml) {
    var line = configuration.environment("TOKEN", "hunter2").file(yaml).error();

    assertThat(line).startsWith("askape.yaml:1: ").doesNotContain("hunter2", "\n");
  }
}
