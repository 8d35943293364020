package dev.askape.config;

import dev.askape.config.Key.Absence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// The text of `docs/configuration.md`, made from [Keys].
public final class ConfigurationPage {
  private static final String START =
      """
      # Configuration

      <!-- Made from the catalogue of keys. To make it anew: ./askape configuration-page > docs/configuration.md -->

      AskApe needs none. What can be said is said in any of these, the later over the earlier:

      1. the defaults below;
      2. a file: the one named by `--config FILE`, else by the variable `ASKAPE_CONFIG`, else `askape.yaml` in the working directory if there is one;
      3. environment variables: `ASKAPE_` and the key in capitals, with `_` for `.` and `-`: `ASKAPE_SERVER_PORT=4000`, `ASKAPE_PROVIDERS_HF_API_KEY=…`. An empty one counts as not set;
      4. flags: `--server.port=4000`, `--providers.hf.api-key=…`.

      `./askape check` prints every value in force with where it came from, secrets hidden, and tries the providers and the store.

      ```yaml
      server:
        host: 127.0.0.1
        port: 3001
        origins: ["https://chat.example.org"]
      storage:
        sqlite: { path: ./data/askape.db }
      providers:
        hf:
          type: openai
          base-url: https://router.huggingface.co/v1
          api-key: ${HF_TOKEN}          # or {file: PATH}, or {command: [PROGRAM, ARGUMENT]}
      models:
        - { id: deepseek-ai/DeepSeek-V3, name: DeepSeek V3, provider: hf, default: true }
        - { id: "Qwen/*", provider: hf }        # a pattern: any such id is passed on as it is
        - id: openai/gpt-oss-120b
          provider: hf
          price: { prompt: 0.15, completion: 0.60 }   # per million tokens
          fallback: deepseek-ai/DeepSeek-V3
      budgets:
        guest: { tokens: 100000, per: day }
        turn: { tokens: 20000 }
      ```

      - **Lists and mappings** in a variable or a flag are YAML: `ASKAPE_SERVER_ORIGINS='["https://chat.example.org"]'`, `ASKAPE_MODELS='[{id: gpt-5, provider: openai}]'`, `--providers='{hf: {base-url: …}}'`. Mappings are merged key by key with what an earlier source says; everything else, lists too, replaces it. The keys of `models[]` can only be given with the whole list.
      - **Variables**: in a value, `${NAME}` stands for an environment variable and `${NAME:-default}` for one that may be unset or empty. They are put in after the YAML is parsed, so what a variable holds is never read as YAML. `$${` stands for the characters `${`.
      - **Nothing** behind a key is as if the key were not there.
      - **Durations** are written `250ms`, `5s`, `5m` or `1h`; **sizes** `500B`, `256kB`, `1MB` (thousands) or `64KiB`, `1MiB` (1024s).
      - **Whatever is wrong** (an unknown key in any of these, a wrong type, a missing variable, a key that is there twice) ends the start with exit code 2 and one line that names the place and the way out.
      - **Which models there are**: a configuration with `models` or `providers` is the whole truth, and nothing is discovered beside it; it needs at least one model.
      """;

  private static final Map<String, String> SECTIONS = new LinkedHashMap<>();

  static {
    SECTIONS.put("server", "Where the server listens, and who may reach it.");
    SECTIONS.put("storage", "Where conversations are kept.");
    SECTIONS.put("auth", "Who is asking.");
    SECTIONS.put("discovery", "Models without configuration.");
    SECTIONS.put("local", "A language model that runs on this machine.");
    SECTIONS.put("providers", "The APIs that answer, each under a name of your choice.");
    SECTIONS.put("models", "A list of the models that are offered, in this order.");
    SECTIONS.put("stream", "How answers reach the clients.");
    SECTIONS.put("shutdown", "How the server ends.");
    SECTIONS.put("limits", "What one client, or all together, can demand.");
    SECTIONS.put("log", "What is written to standard output.");
    SECTIONS.put(
        "budgets",
        "How much may be used; see [operations.md](operations.md#money). Without any of these keys nothing bounds it.");
  }

  private ConfigurationPage() {}

  public static String text() {
    var page = new StringBuilder(START);
    Keys.all().stream()
        .collect(
            Collectors.groupingBy(
                ConfigurationPage::section, LinkedHashMap::new, Collectors.toList()))
        .forEach((section, keys) -> append(page, section, keys));
    return page.toString();
  }

  private static String section(Key<?> key) {
    return key.path().replaceAll("[.\\[].*", "");
  }

  private static void append(StringBuilder page, String section, List<Key<?>> keys) {
    page.append(
        "\n## %s\n\n%s\n\n"
            .formatted(section, Objects.requireNonNull(SECTIONS.get(section), section)));
    page.append("| key | what it may be | default | meaning |\n|---|---|---|---|\n");
    for (var key : keys) {
      var row =
          List.of("`" + key.path() + "`", key.type().description(), absence(key), key.meaning());
      page.append(
          row.stream()
              .map(cell -> cell.replace("|", "\\|"))
              .collect(Collectors.joining(" | ", "| ", " |\n")));
    }
  }

  private static String absence(Key<?> key) {
    return switch (key.absence()) {
      case Absence.Default(var written) -> "`" + written + "`";
      case Absence.Unset _ -> "–";
      case Absence.Refused _ -> "required";
    };
  }
}
