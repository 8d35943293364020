package dev.askape.config;

import dev.askape.chat.Budgets;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Price;
import dev.askape.provider.Secret;
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
    var lower = file.under(environment);
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
  public record Storage(Sqlite sqlite) {}

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
  public record Provider(
      ProviderType type,
      String baseUrl,
      Optional<Secret> apiKey,
      Timeouts timeouts,
      Concurrency concurrency) {}

  /// How long each step of an answer may take.
  public record Timeouts(
      Duration connect,
      Duration headers,
      Duration firstToken,
      Duration betweenTokens,
      Duration total) {}

  /// How much is asked of a provider at once.
  ///
  /// @param calls answers at once
  /// @param queue answers that may wait
  /// @param maxWait how long one may wait
  public record Concurrency(int calls, int queue, Duration maxWait) {}

  /// A model that is offered, or a pattern of ids that are passed on.
  ///
  /// @param name what people see, if it is configured
  /// @param upstreamId what the provider calls it, if that differs from the id
  /// @param fallback the id of the model that answers in its place
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
      Optional<String> fallback) {
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
