package dev.askape.offer;

import dev.askape.chat.IdPattern;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Models;
import dev.askape.config.Settings;
import dev.askape.provider.CallOptions;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Provider;
import dev.askape.provider.policy.ProviderPolicy;
import java.util.Optional;

/// One provider of the configuration: makes models of what is written, and of what it says it has,
/// each asked under the provider's policy. Safe for any thread.
final class ConfiguredProvider {
  private static final int KEPT = 1_000;

  private final String name;
  private final Settings.Provider settings;
  private final Provider provider;
  private final ProviderPolicy policy;

  ConfiguredProvider(String name, Settings.Provider settings, Provider provider) {
    this.name = name;
    this.settings = settings;
    this.provider = provider;
    this.policy = new ProviderPolicy(name, settings.concurrency(), settings.budget());
  }

  Optional<ProviderCatalogue> catalogue() {
    return settings
        .catalogue()
        .map(catalogue -> new ProviderCatalogue(provider, catalogue, this::found));
  }

  /// A model that is written out.
  Model written(Settings.Model model) {
    var id = new ModelId(model.id());
    return model(model, id, language(model, model.upstreamId().orElse(model.id())));
  }

  /// A family of models that are passed on.
  Models.Pattern pattern(Settings.Model model) {
    // a breaker only works if it is the same one each time; the ids come from clients, so the
    // number of those that are kept is limited
    var kept =
        new Recent<ModelId, Model>(KEPT, id -> model(model, id, language(model, id.value())));
    return new Models.Pattern(new IdPattern(model.id()), kept::get);
  }

  private LanguageModel language(Settings.Model model, String upstreamId) {
    var options =
        CallOptions.DEFAULTS
            .withTimeouts(model.asking().timeouts())
            .withContextWindow(model.contextWindow());
    var upstream = provider.upstream(upstreamId, options);
    return policy.guard(upstreamId, upstream, model.asking().policy(), model.concurrency());
  }

  private static Model model(Settings.Model model, ModelId id, LanguageModel language) {
    return new Model(
            id,
            model.name().filter(_ -> !model.isPattern()).orElseGet(() -> Model.nameOf(id)),
            model.provider(),
            model.isDefault(),
            model.contextWindow(),
            model.systemPrompt(),
            model.parameters(),
            language,
            () -> true)
        .with(model.price(), model.fallback().map(ModelId::new));
  }

  /// A model that the provider says it has.
  ///
  /// @param prefix of its id here
  private Model found(String prefix, ListedModel listed) {
    var id = new ModelId(prefix + listed.id());
    var options = CallOptions.DEFAULTS.withContextWindow(listed.contextWindow());
    var language =
        policy.guard(
            listed.id(),
            provider.upstream(listed.id(), options),
            settings.asking().policy(),
            Optional.empty());
    return new Model(
            id,
            listed.name().orElseGet(() -> Model.nameOf(id)),
            name,
            false,
            listed.contextWindow(),
            Optional.empty(),
            ModelParameters.DEFAULTS,
            language,
            () -> true)
        .with(listed.price(), Optional.empty());
  }
}
