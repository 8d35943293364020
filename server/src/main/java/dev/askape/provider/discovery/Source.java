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
///
/// @param note for who starts the server: what was found
record Source(Provider provider, ProviderPolicy policy, List<ListedModel> models, String note) {
  /// Asked under the usual policy.
  ///
  /// @param title how people know it, and where it was found
  static Source of(Provider provider, String title, List<ListedModel> models) {
    var count = models.size() == 1 ? "1 model" : models.size() + " models";
    return of(
        provider, models, models.isEmpty() ? title + " has no model yet" : title + ": " + count);
  }

  /// One that has none.
  static Source without(Provider provider, String note) {
    return of(provider, List.of(), note);
  }

  private static Source of(Provider provider, List<ListedModel> models, String note) {
    var policy =
        new ProviderPolicy(provider.name(), Policy.Concurrency.DEFAULTS, Policy.Budget.DEFAULTS);
    return new Source(provider, policy, models, note);
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
