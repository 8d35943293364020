package dev.askape.offer;

import dev.askape.chat.Model;
import dev.askape.chat.Models;
import dev.askape.config.ConfigException;
import dev.askape.config.Settings;
import dev.askape.provider.Provider;
import dev.askape.provider.demo.DemoModels;
import dev.askape.provider.discovery.Discovery;
import dev.askape.provider.local.LocalModels;
import dev.askape.provider.local.LocalSettings;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The models that are offered, and the providers behind them.
///
/// @param opened what is closed with it, in reverse order
/// @param notes what to tell who starts the server
/// @param local those of this machine, if they are offered; nothing of theirs runs before [#start]
public record Offered(
    Listing listing,
    List<Runnable> opened,
    List<ProviderCatalogue> catalogues,
    List<String> notes,
    Optional<LocalModels> local)
    implements AutoCloseable {
  private static final String NO_DISCOVERY =
      "No model is configured and discovery is off: two demo models answer. They are not language models.";

  /// How long a start waits for providers to say what they have; what comes later is added then.
  private static final Duration FIRST_LISTS = Duration.ofSeconds(5);

  /// Those of the configuration, which is the whole truth if it names any; else those that are
  /// found; else two that need nothing. Blocks for a moment while it looks.
  ///
  /// @param onThisMachine what it takes to run the local models, should they be wanted
  public static Offered by(
      Settings settings,
      LocalSettings onThisMachine,
      Map<String, String> environment,
      List<EventLoop> loops) {
    var others = others(settings, environment, loops);
    boolean wanted =
        switch (settings.local().enabled()) {
          case TRUE -> true;
          case FALSE -> false;
          case AUTO -> settings.discovery() && others.opened().isEmpty();
        };
    return wanted ? others.with(new LocalModels(onThisMachine, loops)) : others;
  }

  private Offered with(LocalModels added) {
    listing.add(added);
    var all = new ArrayList<>(opened);
    all.add(added::close);
    var lines = new ArrayList<>(notes);
    lines.add(LocalOffer.NOTE);
    return new Offered(listing, all, catalogues, lines, Optional.of(added));
  }

  public Models models() {
    return listing.models();
  }

  /// Makes the local models ready, and asks providers again and again what they have, in the
  /// background.
  public void start() {
    local.ifPresent(it -> it.start(listing::localServes));
    catalogues.forEach(it -> it.start(models -> listing.found(it.name(), models)));
  }

  private static Offered others(
      Settings settings, Map<String, String> environment, List<EventLoop> loops) {
    if (!settings.providers().isEmpty()) {
      return configured(settings, environment, loops);
    }
    if (!settings.discovery()) {
      return fixed(DemoModels.list(), List.of(), List.of(NO_DISCOVERY));
    }
    try {
      var found = Discovery.usual(loops).discover(environment);
      var close = found.providers().stream().<Runnable>map(it -> it::close).toList();
      return fixed(found.models(), close, found.notes());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Offered fixed(List<Model> models, List<Runnable> opened, List<String> notes) {
    var listing = new Listing(new Models(models, List.of()), models, List.of());
    return new Offered(listing, opened, List.of(), notes, Optional.empty());
  }

  private static Offered configured(
      Settings settings, Map<String, String> environment, List<EventLoop> loops) {
    var opened = new ArrayList<Runnable>();
    try {
      var providers = new LinkedHashMap<String, ConfiguredProvider>();
      providers(settings, environment, loops)
          .forEach((name, provider) -> {
            opened.add(provider::close);
            var written = settings.providers().get(name);
            if (written != null) {
              providers.put(name, new ConfiguredProvider(name, written, provider));
            }
          });
      var offered = offered(settings, providers, opened);
      offered.askProviders();
      return offered;
    } catch (IllegalStateException e) {
      close(opened);
      throw e;
    }
  }

  private static Offered offered(
      Settings settings, Map<String, ConfiguredProvider> providers, List<Runnable> opened) {
    var written = new ArrayList<Model>();
    var patterns = new ArrayList<Models.Pattern>();
    for (var model : settings.models()) {
      var provider = providers.get(model.provider());
      if (provider == null) {
        throw new IllegalStateException("no provider " + model.provider()); // was checked before
      }
      if (model.isPattern()) {
        patterns.add(provider.pattern(model));
      } else {
        written.add(provider.written(model));
      }
    }
    var catalogues = providers.values().stream().flatMap(it -> it.catalogue().stream()).toList();
    var names = catalogues.stream().map(ProviderCatalogue::name).toList();
    var listing = new Listing(new Models(written, patterns), written, names);
    catalogues.forEach(it -> opened.add(it::close));
    return new Offered(listing, opened, catalogues, List.of(), Optional.empty());
  }

  /// Asks all at once, and waits for them, not long.
  private void askProviders() {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var asking = catalogues.stream().map(it -> Executors.callable(() -> askOnce(it))).toList();
      var _ = tasks.invokeAll(asking, FIRST_LISTS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void askOnce(ProviderCatalogue catalogue) {
    try {
      catalogue.ask().ifPresent(models -> listing.found(catalogue.name(), models));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // it took too long, and is asked again later
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while looking for models", e);
  }

  /// The providers of the configuration, by their names, through the proxies of the environment.
  public static Map<String, Provider> providers(
      Settings settings, Map<String, String> environment, List<EventLoop> loops) {
    var endpoints = Endpoints.of(environment, loops);
    var providers = new LinkedHashMap<String, Provider>();
    try {
      settings
          .providers()
          .forEach((name, written) -> providers.put(name, endpoints.open(name, written)));
      return providers;
    } catch (ConfigException e) {
      providers.values().forEach(Provider::close);
      throw e;
    }
  }

  @Override
  public void close() {
    close(opened);
  }

  private static void close(List<Runnable> opened) {
    opened.reversed().forEach(Runnable::run);
  }
}
