package dev.askape.provider.discovery;

import dev.askape.provider.ListedModel;
import dev.askape.provider.Provider;
import dev.askape.provider.ProviderException;
import java.time.Duration;
import java.util.concurrent.Callable;

/// What a provider has whose key is in the environment: its well-known models, else what it says,
/// if it does so at once. Blocks.
record KeyProbe(KnownProvider known, Provider provider) implements Callable<Source> {
  private static final Duration LIST = Duration.ofMillis(1_900);

  @Override
  public Source call() throws InterruptedException {
    var title = known.title() + " (" + known.key() + ")";
    if (!known.models().isEmpty()) {
      return Source.of(provider, title, known.models().stream().map(ListedModel::of).toList());
    }
    try {
      return Source.of(provider, title, provider.listModels(LIST));
    } catch (ProviderException e) {
      return Source.without(
          provider,
          title
              + " gave no list of models ("
              + e.getMessage()
              + "); start AskApe again to ask again");
    }
  }
}
