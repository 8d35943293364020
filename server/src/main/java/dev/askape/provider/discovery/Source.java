package dev.askape.provider.discovery;

import dev.askape.chat.LanguageModel;
import dev.askape.provider.CallOptions;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Provider;
import dev.askape.provider.policy.Policy;
import dev.askape.provider.policy.ProviderPolicy;
import java.util.List;
import java.util.Optional;

/// A provider that was found, with its models.
record Source(Provider provider, ProviderPolicy policy, List<ListedModel> models) {
  /// Asked under the usual policy.
  static Source of(Provider provider, List<ListedModel> models) {
    var policy =
        new ProviderPolicy(provider.name(), Policy.Concurrency.DEFAULTS, Policy.Budget.DEFAULTS);
    return new Source(provider, policy, models);
  }

  String name() {
    return provider.name();
  }

  LanguageModel language(ListedModel model) {
    var options = CallOptions.DEFAULTS.withContextWindow(model.contextWindow());
    return policy.guard(
        model.id(), provider.upstream(model.id(), options), Policy.DEFAULTS, Optional.empty());
  }
}
