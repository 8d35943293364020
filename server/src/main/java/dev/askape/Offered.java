package dev.askape;

import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.Models;
import dev.askape.config.ConfigException;
import dev.askape.config.ProviderType;
import dev.askape.config.Settings;
import dev.askape.provider.CallOptions;
import dev.askape.provider.Timeouts;
import dev.askape.provider.apis.Api;
import dev.askape.provider.demo.DemoModels;
import dev.askape.provider.discovery.Discovery;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.HttpProvider;
import dev.askape.provider.http.Proxies;
import dev.askape.provider.http.Route;
import dev.askape.provider.local.LocalModels;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The models that are offered, and the providers behind them.
///
/// @param notes what to tell who starts the server
/// @param local those of this machine, if they are offered; nothing of theirs runs before [#start]
public record Offered(
    Models models,
    List<? extends AutoCloseable> providers,
    List<String> notes,
    Optional<LocalOffer> local)
    implements AutoCloseable {
  private static final String NO_DISCOVERY =
      "No model is configured and discovery is off: two demo models answer. They are not language models.";

  /// Those of the configuration, which is the whole truth if it names any; else those that are
  /// found; else two that need nothing. Blocks for a moment while it looks.
  public static Offered by(
      Settings settings, Map<String, String> environment, List<EventLoop> loops) {
    var others = others(settings, environment, loops);
    boolean wanted =
        switch (settings.local().enabled()) {
          case TRUE -> true;
          case FALSE -> false;
          case AUTO -> settings.discovery() && others.providers().isEmpty();
        };
    return wanted ? others.with(new LocalModels(new Parts(settings).local(), loops)) : others;
  }

  private Offered with(LocalModels added) {
    var offer = new LocalOffer(added, models.listed());
    models.list(offer.listed(false));
    var all = new ArrayList<AutoCloseable>(providers);
    all.add(added);
    var lines = new ArrayList<>(notes);
    lines.add(LocalOffer.NOTE);
    return new Offered(models, all, lines, Optional.of(offer));
  }

  /// Makes the local models ready, in the background.
  public void start() {
    local.ifPresent(it -> it.start(models));
  }

  private static Offered others(
      Settings settings, Map<String, String> environment, List<EventLoop> loops) {
    if (!settings.models().isEmpty()) {
      return configured(settings, environment, loops);
    }
    if (!settings.discovery()) {
      return new Offered(
          new Models(DemoModels.list(), List.of()),
          List.of(),
          List.of(NO_DISCOVERY),
          Optional.empty());
    }
    try {
      var found = Discovery.usual(loops).discover(environment);
      return new Offered(
          new Models(found.models(), List.of()),
          found.providers(),
          found.notes(),
          Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking for models", e);
    }
  }

  private static Offered configured(
      Settings settings, Map<String, String> environment, List<EventLoop> loops) {
    var providers = providers(settings, environment, loops);
    var models = new ArrayList<Model>();
    var patterns = new ArrayList<Models.Pattern>();
    for (var model : settings.models()) {
      var provider = providers.get(model.provider());
      if (provider == null) {
        throw new IllegalStateException("no provider " + model.provider()); // was checked before
      }
      if (model.isPattern()) {
        patterns.add(
            new Models.Pattern(model.id(), id -> offered(model, id, id.value(), provider)));
      } else {
        var upstream = model.upstreamId().orElse(model.id());
        models.add(offered(model, new ModelId(model.id()), upstream, provider));
      }
    }
    return new Offered(
        new Models(models, patterns), List.copyOf(providers.values()), List.of(), Optional.empty());
  }

  private static Model offered(
      Settings.Model model, ModelId id, String upstreamId, HttpProvider provider) {
    return new Model(
        id,
        model.name().filter(_ -> !model.isPattern()).orElseGet(() -> Model.nameOf(id)),
        model.provider(),
        model.isDefault(),
        model.contextWindow(),
        model.systemPrompt(),
        model.parameters(),
        provider.model(upstreamId, CallOptions.DEFAULTS.withContextWindow(model.contextWindow())),
        () -> true);
  }

  /// The providers of the configuration, by their names, through the proxies of the environment.
  public static Map<String, HttpProvider> providers(
      Settings settings, Map<String, String> environment, List<EventLoop> loops) {
    var proxies = proxies(environment);
    var providers = new LinkedHashMap<String, HttpProvider>();
    settings
        .providers()
        .forEach((name, provider) ->
            providers.put(
                name, api(provider.type()).open(endpoint(name, provider, proxies), loops)));
    return providers;
  }

  private static Proxies proxies(Map<String, String> environment) {
    try {
      return Proxies.from(environment);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static Api api(ProviderType type) {
    return switch (type) {
      case OPENAI -> Api.OPENAI;
      case ANTHROPIC -> Api.ANTHROPIC;
      case GEMINI -> Api.GEMINI;
      case OLLAMA -> Api.OLLAMA;
    };
  }

  private static EndpointSettings endpoint(
      String name, Settings.Provider provider, Proxies proxies) {
    var baseUrl = URI.create(provider.baseUrl());
    var timeouts = provider.timeouts();
    var concurrency = provider.concurrency();
    var limits = EndpointSettings.Limits.DEFAULTS;
    return EndpointSettings.of(name, baseUrl, provider.apiKey())
        .withRoute(new Route(List.of(), proxies.to(baseUrl)))
        .withTimeouts(
            new Timeouts(
                timeouts.connect(),
                timeouts.headers(),
                timeouts.firstToken(),
                timeouts.betweenTokens(),
                timeouts.total()))
        .withMaxConcurrentCalls(concurrency.calls())
        .withLimits(
            new EndpointSettings.Limits(
                concurrency.queue(),
                concurrency.maxWait(),
                limits.lineBytes(),
                limits.streamBytes(),
                limits.errorBodyBytes(),
                limits.modelListBytes(),
                limits.models()));
  }

  @Override
  public void close() {
    var opened = new Opened();
    providers.forEach(opened::add);
    opened.close();
  }
}
