package dev.askape.config;

import dev.askape.chat.Budgets;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Price;
import dev.askape.provider.KeySource;
import dev.askape.provider.Secret;
import dev.askape.provider.Timeouts;
import dev.askape.provider.policy.Policy;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The whole configuration, read and found coherent. Immutable.
///
/// @param discovery whether models are to be looked for; only where no model is configured
/// @param providers by the names the user gave them, in that order
/// @param models in the order in which they are offered
/// @param values every value in force with its origin, secrets hidden
public record Settings(
    Server server,
    Storage storage,
    Auth auth,
    boolean discovery,
    Local local,
    Map<String, Provider> providers,
    List<Model> models,
    Stream stream,
    Shutdown shutdown,
    Limits limits,
    Log log,
    Budgets budgets,
    List<Setting> values) {

  public Settings {
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    models = List.copyOf(models);
    values = List.copyOf(values);
  }

  /// Reads all sources, the later over the earlier.
  ///
  /// @throws ConfigException if anything is wrong in any of them, or with the whole
  public static Settings load(Sources sources) {
    var file = ConfigFile.read(sources);
    Shape.ROOT.check(file, "");
    var environment = new Environment(sources.environment()).read(file);
    Shape.ROOT.check(environment, "");
    var lower = Environment.wellKnown(sources.environment()).under(file).under(environment);
    var flags = new Flags(sources.flags(), sources.environment()).read(lower);
    Shape.ROOT.check(flags, "");
    return SettingsReader.read(lower.under(flags));
  }

  /// Where the server listens, and who may reach it.
  ///
  /// @param port 0 for any free one
  /// @param origins allowed besides the server's own and those on loopback
  /// @param hosts known besides loopback names and `host`
  public record Server(String host, int port, List<String> origins, List<String> hosts) {
    public Server {
      origins = List.copyOf(origins);
      hosts = List.copyOf(hosts);
    }

    /// Whether only this machine can reach it. A name that is not `localhost` counts as reachable
    /// from elsewhere: what it resolves to can change.
    public boolean isLoopback() {
      return Loopback.isLoopback(host);
    }
  }

  /// Where conversations are kept.
  ///
  /// @param mongoUri when they are kept in MongoDB
  /// @param guestRetention how long a guest's session is kept, if not for ever
  public record Storage(
      Sqlite sqlite, Optional<Secret> mongoUri, Spool spool, Optional<Duration> guestRetention) {}

  /// What stands in for MongoDB while it is away.
  ///
  /// @param size how many bytes may wait for it
  /// @param sessions how many can go on without it
  public record Spool(String path, int size, int sessions, Duration patience) {}

  /// The embedded store.
  ///
  /// @param path a file, or `:memory:`
  public record Sqlite(String path) {
    public boolean inMemory() {
      return path.equals(":memory:");
    }
  }

  /// How it is decided who is asking.
  ///
  /// @param mode empty if it is not written, which is open mode on loopback
  public record Auth(Optional<AuthMode> mode) {}

  /// The models of this machine.
  ///
  /// @param model a GGUF file, if one is configured
  /// @param threads if they are configured
  /// @param context tokens of one conversation
  public record Local(
      LocalMode enabled, Optional<String> model, OptionalInt threads, int context) {}

  /// An API that answers.
  ///
  /// @param authorities a file with certificates in PEM
  /// @param budget of further tries, shared by its models
  /// @param catalogue what is taken of the list of models that it gives; empty when it is not asked
  public record Provider(
      ProviderType type,
      String baseUrl,
      Optional<KeySource> apiKey,
      Optional<String> authorities,
      Asking asking,
      Policy.Concurrency concurrency,
      Policy.Budget budget,
      Optional<Catalogue> catalogue) {}

  /// How a provider or one of its models is asked.
  public record Asking(Timeouts timeouts, Policy.Retries retries, Policy.Breaker breaker) {
    public static final Asking DEFAULTS =
        new Asking(Timeouts.DEFAULTS, Policy.Retries.DEFAULTS, Policy.Breaker.DEFAULTS);

    public Policy policy() {
      return new Policy(retries, breaker, timeouts.total());
    }
  }

  /// What is taken of a provider's own list of models.
  ///
  /// @param include patterns of which an id must match one
  /// @param exclude patterns of which it must match none
  /// @param prefix what stands before its ids here; may be empty
  /// @param refresh how often the list is asked for
  public record Catalogue(
      List<String> include, List<String> exclude, String prefix, Duration refresh) {
    public Catalogue {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
    }
  }

  /// A model that is offered, or a pattern of ids that are passed on.
  ///
  /// @param name what people see, if it is configured
  /// @param upstreamId what the provider calls it, if that differs from the id
  /// @param fallback the id of the model that answers in its place
  /// @param asking as its provider has it, and what is written for it alone
  /// @param concurrency places of its own besides the provider's, if it has any
  public record Model(
      String id,
      Optional<String> name,
      String provider,
      boolean isDefault,
      Optional<String> upstreamId,
      OptionalInt contextWindow,
      Optional<String> systemPrompt,
      ModelParameters parameters,
      Optional<Price> price,
      Optional<String> fallback,
      Asking asking,
      Optional<Policy.Concurrency> concurrency) {
    public boolean isPattern() {
      return id.contains("*");
    }
  }

  /// How answers reach the clients.
  ///
  /// @param merge the least time between two chunks of an answer to one client; zero: every
  ///   fragment at once
  public record Stream(Duration merge) {}

  /// How the server ends.
  ///
  /// @param grace what running answers get to end by themselves
  public record Shutdown(Duration grace) {}

  /// What one client, or all together, can demand.
  ///
  /// @param turnsPerMinute 0 for any number
  public record Limits(
      int messageCharacters,
      int modelsPerTurn,
      int turnsPerIdentity,
      int turnsPerSession,
      int answers,
      int turnsPerMinute,
      int eventsPerSecond,
      int eventsBurst,
      int answerBytes,
      int connections,
      int connectionsPerAddress,
      int payloadBytes,
      int jsonDepth,
      int sessionsPerSocket,
      Duration connectTimeout,
      Duration historyWait) {}

  /// What goes to standard output.
  ///
  /// @param level this and what is worse is logged
  public record Log(LogLevel level) {}
}
