package dev.askape.provider.discovery;

import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Secret;
import dev.askape.provider.demo.DemoModels;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.Proxies;
import dev.askape.provider.http.Route;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Looks for models, given an environment and the places to look at. Safe for any thread.
///
/// @param loops the event loops that will read the answers
public record Discovery(
    List<KnownProvider> providers, List<LoopbackServer> servers, List<EventLoop> loops) {
  private static final int MAX_DEFAULTS = 3;

  /// What stands in the ids of models for something else than talking.
  private static final List<String> SILENT =
      List.of("embed", "rerank", "whisper", "-tts", "-image");

  /// Looks at all the usual places.
  public static Discovery usual(List<EventLoop> loops) {
    return new Discovery(WellKnownProviders.PROVIDERS, WellKnownProviders.SERVERS, loops);
  }

  /// Finds what there is; blocks, at most about two seconds.
  public Discovered discover(Map<String, String> environment) throws InterruptedException {
    var notes = new ArrayList<String>();
    var sources = new ArrayList<Source>();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var keyed = withKeys(environment, notes).stream().map(tasks::submit).toList();
      var listening =
          servers.stream().map(server -> tasks.submit(new LoopbackProbe(server, loops))).toList();
      for (var probe : keyed) {
        sources.add(add(probe.get(), notes));
      }
      for (var probe : listening) {
        probe.get().ifPresent(source -> sources.add(add(source, notes)));
      }
    } catch (ExecutionException e) {
      sources.forEach(source -> source.provider().close());
      throw new IllegalStateException("a probe failed", e);
    }
    if (sources.stream().allMatch(source -> source.models().isEmpty())) {
      sources.forEach(source -> source.provider().close());
      notes.addAll(howToGetRealOnes(sources.isEmpty()));
      return new Discovered(DemoModels.list(), List.of(), notes);
    }
    var closeables = sources.stream().map(Source::provider).toList();
    return new Discovered(models(sources), closeables, notes);
  }

  private static Source add(Source source, List<String> notes) {
    notes.add(source.note());
    return source;
  }

  private List<KeyProbe> withKeys(Map<String, String> environment, List<String> notes) {
    var probes = new ArrayList<KeyProbe>();
    var proxies = proxies(environment, notes);
    for (var known : providers) {
      var key = environment.getOrDefault(known.key(), "").strip();
      if (key.isEmpty()) {
        continue;
      }
      try {
        var settings =
            EndpointSettings.of(known.name(), known.baseUrl(), Optional.of(new Secret(key)))
                .withRoute(new Route(List.of(), proxies.to(known.baseUrl())));
        probes.add(new KeyProbe(known, known.api().open(settings, loops)));
      } catch (IllegalArgumentException e) {
        notes.add(known.key() + " is not used: " + e.getMessage());
      }
    }
    return probes;
  }

  private static Proxies proxies(Map<String, String> environment, List<String> notes) {
    try {
      return Proxies.from(environment);
    } catch (IllegalArgumentException e) {
      notes.add("No proxy is used: " + e.getMessage());
      return Proxies.NONE;
    }
  }

  /// @param nothing whether there was not even a provider without models
  private List<String> howToGetRealOnes(boolean nothing) {
    var keys = providers.stream().map(KnownProvider::key).collect(Collectors.joining(", "));
    var titles =
        servers.stream().map(LoopbackServer::title).distinct().collect(Collectors.joining(", "));
    return List.of(
        (nothing
                ? "No provider's key in the environment and no model server on this machine:"
                : "No models were found:")
            + " two demo models answer. They are not language models.",
        "For real ones set one of " + keys,
        "or start one of " + titles + " on this machine, then start AskApe again.");
  }

  private static List<Model> models(List<Source> sources) {
    var defaults = defaults(sources);
    var taken = new HashSet<String>();
    var models = new ArrayList<Model>();
    for (var source : sources) {
      for (var listed : source.models()) {
        var id = taken.add(listed.id()) ? listed.id() : source.name() + "/" + listed.id();
        if (!id.equals(listed.id()) && !taken.add(id)) {
          continue;
        }
        models.add(model(id, source, listed, defaults.contains(new Choice(source, listed))));
      }
    }
    return models;
  }

  private static Model model(String id, Source source, ListedModel listed, boolean isDefault) {
    var modelId = new ModelId(id);
    return new Model(
            modelId,
            Model.nameOf(modelId),
            source.name(),
            isDefault,
            listed.contextWindow(),
            Optional.empty(),
            ModelParameters.DEFAULTS,
            source.language(listed),
            () -> true)
        .with(listed.price(), Optional.empty());
  }

  private record Choice(Source source, ListedModel model) {}

  /// The first of each provider, then the second of each, and so on.
  private static Set<Choice> defaults(List<Source> sources) {
    var talking = inTurn(sources, Discovery::talks);
    var candidates = talking.isEmpty() ? inTurn(sources, _ -> true) : talking;
    return candidates.stream().limit(MAX_DEFAULTS).collect(Collectors.toSet());
  }

  private static List<Choice> inTurn(List<Source> sources, Predicate<ListedModel> wanted) {
    var lists =
        sources.stream()
            .map(source -> source.models().stream().filter(wanted).limit(MAX_DEFAULTS).toList())
            .toList();
    var choices = new ArrayList<Choice>();
    for (int i = 0; i < MAX_DEFAULTS; i++) {
      for (int s = 0; s < lists.size(); s++) {
        if (i < lists.get(s).size()) {
          choices.add(new Choice(sources.get(s), lists.get(s).get(i)));
        }
      }
    }
    return choices;
  }

  /// Not every model that a server lists can be talked to.
  private static boolean talks(ListedModel model) {
    var id = model.id().toLowerCase(Locale.ROOT);
    return SILENT.stream().noneMatch(id::contains);
  }
}
