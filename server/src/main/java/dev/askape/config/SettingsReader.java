package dev.askape.config;

import dev.askape.chat.Budget;
import dev.askape.chat.Budgets;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Price;
import dev.askape.provider.policy.Policy;
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
    var storage = storage();
    var auth = new Settings.Auth(root.find(Keys.AUTH_MODE));
    var discovery = root.get(Keys.DISCOVERY);
    var local =
        new Settings.Local(
            root.get(Keys.LOCAL_ENABLED),
            root.find(Keys.LOCAL_MODEL),
            number(root.find(Keys.LOCAL_THREADS)),
            root.get(Keys.LOCAL_CONTEXT));
    var providers = providers();
    var models = models(providers);
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

  private Settings.Storage storage() {
    return new Settings.Storage(
        new Settings.Sqlite(root.get(Keys.SQLITE_PATH)),
        root.find(Keys.MONGO_URI),
        new Settings.Spool(
            root.get(Keys.SPOOL_PATH),
            root.get(Keys.SPOOL_SIZE),
            root.get(Keys.SPOOL_SESSIONS),
            root.get(Keys.SPOOL_PATIENCE)),
        root.find(Keys.GUEST_RETENTION));
  }

  private Map<String, Settings.Provider> providers() {
    var providers = new LinkedHashMap<String, Settings.Provider>();
    root.named("providers").forEach((name, in) -> providers.put(name, provider(in)));
    return providers;
  }

  private static Settings.Provider provider(Reading in) {
    var keys = Keys.PROVIDER_POLICY;
    var usual = Settings.Asking.DEFAULTS;
    return new Settings.Provider(
        in.get(Keys.PROVIDER_TYPE),
        in.get(Keys.BASE_URL),
        in.find(Keys.API_KEY),
        in.find(Keys.AUTHORITIES),
        asking(keys, in, usual),
        keys.concurrency(in).orElse(Policy.Concurrency.DEFAULTS),
        new Policy.Budget(in.get(Keys.RETRY_BUDGET)),
        catalogue(in));
  }

  private static Settings.Asking asking(PolicyKeys keys, Reading in, Settings.Asking otherwise) {
    return new Settings.Asking(
        keys.timeouts(in, otherwise.timeouts()),
        keys.retries(in, otherwise.retries()),
        keys.breaker(in, otherwise.breaker()));
  }

  private static Optional<Settings.Catalogue> catalogue(Reading in) {
    var source = in.get(Keys.PROVIDER_MODELS);
    var catalogue =
        new Settings.Catalogue(
            in.find(Keys.INCLUDE).orElse(List.of("*")),
            in.get(Keys.EXCLUDE),
            in.find(Keys.PREFIX).orElse(""),
            in.get(Keys.REFRESH));
    return source == ModelSource.AUTO ? Optional.of(catalogue) : Optional.empty();
  }

  private List<Settings.Model> models(Map<String, Settings.Provider> providers) {
    var written = root.listed("models").stream().map(in -> model(in, providers)).toList();
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
          model.fallback(),
          model.asking(),
          model.concurrency());
    }
  }

  private static Written model(Reading in, Map<String, Settings.Provider> providers) {
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
            in.find(Keys.FALLBACK),
            asking(
                Keys.MODEL_POLICY,
                in,
                Optional.ofNullable(providers.get(provider))
                    .map(Settings.Provider::asking)
                    .orElse(Settings.Asking.DEFAULTS)),
            Keys.MODEL_POLICY.concurrency(in));
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
