package dev.askape.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.config.Settings;
import dev.askape.provider.CallOptions;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Provider;
import dev.askape.provider.ProviderException;
import dev.askape.provider.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ProviderCatalogueTest {
  /// What it says it has; nothing at all when it does not answer.
  private volatile Optional<List<String>> has = Optional.empty();

  private final Provider provider =
      new Provider() {
        @Override
        public String name() {
          return "p";
        }

        @Override
        public Upstream upstream(String id, CallOptions options) {
          throw new UnsupportedOperationException();
        }

        @Override
        public List<ListedModel> listModels(Duration timeout) {
          return has
              .orElseThrow(() -> new ProviderException(ErrorType.TIMEOUT, "p: no answer"))
              .stream()
              .map(ListedModel::of)
              .toList();
        }

        @Override
        public void close() {}
      };

  private static Model made(String prefix, ListedModel listed) {
    return new Model(
        new ModelId(prefix + listed.id()),
        listed.id(),
        "p",
        false,
        listed.contextWindow(),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        (_, _) -> new Outcome.Finished(FinishReason.STOP, Optional.empty()),
        () -> true);
  }

  private ProviderCatalogue catalogue(
      List<String> include, List<String> exclude, String prefix, Duration refresh) {
    return new ProviderCatalogue(
        provider,
        new Settings.Catalogue(include, exclude, prefix, refresh),
        ProviderCatalogueTest::made);
  }

  private static List<String> ids(List<Model> models) {
    return models.stream().map(it -> it.id().value()).toList();
  }

  @Test
  void offersWhatIsIncludedAndNotExcludedUnderItsPrefix() throws Exception {
    has = Optional.of(List.of("Qwen/a", "Qwen/a-embed", "other/b"));
    var catalogue = catalogue(List.of("Qwen/*"), List.of("*embed*"), "hf/", Duration.ofHours(1));

    assertThat(ids(catalogue.ask().orElseThrow())).containsExactly("hf/Qwen/a");
  }

  @Test
  void leavesOutWhatWouldBeTooLongAnId() throws Exception {
    has = Optional.of(List.of("a".repeat(256), "b"));
    var catalogue = catalogue(List.of("*"), List.of(), "p/", Duration.ofHours(1));

    assertThat(ids(catalogue.ask().orElseThrow())).containsExactly("p/b");
  }

  @Test
  void keepsTheModelThatItHasMade() throws Exception {
    has = Optional.of(List.of("a", "b"));
    var catalogue = catalogue(List.of("*"), List.of(), "", Duration.ofHours(1));
    var first = catalogue.ask().orElseThrow();
    has = Optional.of(List.of("b", "c"));

    assertThat(catalogue.ask().orElseThrow().getFirst()).isSameAs(first.getLast());
  }

  @Test
  void findsOutByItselfWhatIsNew() {
    var found = new CopyOnWriteArrayList<List<String>>();
    has = Optional.of(List.of("a"));
    try (var catalogue = catalogue(List.of("*"), List.of(), "", Duration.ofMillis(1))) {
      catalogue.start(models -> found.add(ids(models)));
      await().until(() -> found.contains(List.of("a")));
      has = Optional.empty();
      has = Optional.of(List.of("a", "b"));

      await().until(() -> found.contains(List.of("a", "b")));
    }
  }
}
