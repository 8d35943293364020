package dev.askape.config;

import dev.askape.chat.Budget;
import dev.askape.chat.Budgets;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Price;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads every key of [Keys] into [Settings], in the order of the catalogue.
final class SettingsReader {
  private static final int DEFAULT_MODELS = 3;
  private static final int USUAL_TURNS_PER_MINUTE = 60;

  private final Reading root;

  private SettingsReader(Reading root) {
    this.root = root;
  }

  /// @param configuration checked against [Shape], all sources merged
  static Settings read(Value.Fields configuration) {
    var settings = new SettingsReader(Reading.of(configuration)).settings();
    new Coherence(settings).check();
    return settings;
  }

  private Settings settings() {
    var server =
        new Settings.Server(
            root.get(Keys.HOST), root.get(Keys.PORT), root.get(Keys.ORIGINS), root.get(Keys.HOSTS));
    var storage = new Settings.Storage(new Settings.Sqlite(root.get(Keys.SQLITE_PATH)));
    var auth = new Settings.Auth(root.find(Keys.AUTH_MODE));
    var discovery = root.get(Keys.DISCOVERY);
    var local =
        new Settings.Local(
            root.get(Keys.LOCAL_ENABLED),
            root.find(Keys.LOCAL_MODEL),
            number(root.find(Keys.LOCAL_THREADS)),
            root.get(Keys.LOCAL_CONTEXT));
    var providers = providers();
    var models = models();
    var stream = new Settings.Stream(root.get(Keys.MERGE));
    var shutdown = new Settings.Shutdown(root.get(Keys.GRACE));
    var limits = limits(server);
    var log = new Settings.Log(root.get(Keys.LOG_LEVEL));
    var budgets = budgets();
    return new Settings(
        server,
        storage,
        auth,
        discovery && providers.isEmpty() && models.isEmpty(),
        local,
        providers,
        models,
        stream,
        shutdown,
        limits,
        log,
        budgets,
        root.taken());
  }

  private Map<String, Settings.Provider> providers() {
    var providers = new LinkedHashMap<String, Settings.Provider>();
    root.named("providers").forEach((name, in) -> providers.put(name, provider(in)));
    return providers;
  }

  private static Settings.Provider provider(Reading in) {
    return new Settings.Provider(
        in.get(Keys.PROVIDER_TYPE),
        in.get(Keys.BASE_URL),
        in.find(Keys.API_KEY),
        new Settings.Timeouts(
            in.get(Keys.CONNECT_TIMEOUT),
            in.get(Keys.HEADERS_TIMEOUT),
            in.get(Keys.FIRST_TOKEN_TIMEOUT),
            in.get(Keys.BETWEEN_TOKENS_TIMEOUT),
            in.get(Keys.TOTAL_TIMEOUT)),
        new Settings.Concurrency(in.get(Keys.CALLS), in.get(Keys.QUEUE), in.get(Keys.QUEUE_WAIT)));
  }

  private List<Settings.Model> models() {
    var written = root.listed("models").stream().map(SettingsReader::model).toList();
    var isMarked = written.stream().anyMatch(it -> it.isDefault().orElse(false));
    var usual =
        written.stream()
            .filter(it -> !it.model().isPattern() && it.isDefault().orElse(true))
            .limit(DEFAULT_MODELS)
            .toList();
    return written.stream()
        .map(it -> it.resolved(isMarked ? it.isDefault().orElse(false) : usual.contains(it)))
        .toList();
  }

  /// A model as it is written, before it is known which are the defaults.
  private record Written(Settings.Model model, Optional<Boolean> isDefault) {
    Settings.Model resolved(boolean asDefault) {
      return new Settings.Model(
          model.id(),
          model.name(),
          model.provider(),
          asDefault,
          model.upstreamId(),
          model.contextWindow(),
          model.systemPrompt(),
          model.parameters(),
          model.price(),
          model.fallback());
    }
  }

  private static Written model(Reading in) {
    var id = in.get(Keys.MODEL_ID);
    var name = in.find(Keys.MODEL_NAME);
    var provider = in.get(Keys.MODEL_PROVIDER);
    var isDefault = in.find(Keys.MODEL_DEFAULT);
    var model =
        new Settings.Model(
            id,
            name,
            provider,
            false,
            in.find(Keys.UPSTREAM_ID),
            number(in.find(Keys.CONTEXT_WINDOW)),
            in.find(Keys.SYSTEM_PROMPT),
            new ModelParameters(
                in.find(Keys.TEMPERATURE).map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                number(in.find(Keys.MAX_TOKENS)),
                in.find(Keys.STOP).orElse(List.of()),
                in.find(Keys.REASONING_EFFORT)),
            price(in),
            in.find(Keys.FALLBACK));
    return new Written(model, isDefault);
  }

  /// Both of its halves, or none.
  private static Optional<Price> price(Reading in) {
    var prompt = in.find(Keys.PRICE_PROMPT);
    var completion = in.find(Keys.PRICE_COMPLETION);
    var cached = in.find(Keys.PRICE_CACHED);
    if (prompt.isEmpty() && completion.isEmpty() && cached.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Price(
            prompt.orElseThrow(() -> in.missing(Keys.PRICE_PROMPT)),
            completion.orElseThrow(() -> in.missing(Keys.PRICE_COMPLETION)),
            cached));
  }

  private Budgets budgets() {
    var guest = budget(BudgetKeys.GUEST);
    var user = budget(BudgetKeys.USER);
    var tokens = root.find(BudgetKeys.TURN_TOKENS);
    var money = root.find(BudgetKeys.TURN_MONEY);
    return new Budgets(
        guest,
        user,
        tokens.isEmpty() && money.isEmpty()
            ? Optional.empty()
            : Optional.of(new Budgets.OfTurn(count(tokens), money)),
        root.get(BudgetKeys.ANSWER_TOKENS));
  }

  private Optional<Budget> budget(BudgetKeys.OfIdentity keys) {
    var tokens = root.find(keys.tokens());
    var money = root.find(keys.money());
    var period = root.get(keys.period());
    return tokens.isEmpty() && money.isEmpty()
        ? Optional.empty()
        : Optional.of(new Budget(count(tokens), money, period));
  }

  private static OptionalLong count(Optional<Long> number) {
    return number.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static OptionalInt number(Optional<Integer> number) {
    return number.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private Settings.Limits limits(Settings.Server server) {
    return new Settings.Limits(
        root.get(Keys.MESSAGE_CHARACTERS),
        root.get(Keys.MODELS_PER_TURN),
        root.get(Keys.TURNS_PER_IDENTITY),
        root.get(Keys.TURNS_PER_SESSION),
        root.get(Keys.ANSWERS),
        root.get(Keys.TURNS_PER_MINUTE).orElse(server.isLoopback() ? 0 : USUAL_TURNS_PER_MINUTE),
        root.get(Keys.EVENTS_PER_SECOND),
        root.get(Keys.EVENTS_BURST),
        root.get(Keys.ANSWER_BYTES),
        root.get(Keys.CONNECTIONS),
        root.get(Keys.CONNECTIONS_PER_ADDRESS),
        root.get(Keys.PAYLOAD_BYTES),
        root.get(Keys.JSON_DEPTH),
        root.get(Keys.SESSIONS_PER_SOCKET),
        root.get(Keys.CLIENT_CONNECT_TIMEOUT),
        root.get(Keys.HISTORY_WAIT));
  }
}
