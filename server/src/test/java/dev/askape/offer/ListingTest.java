package dev.askape.offer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.FinishReason;
import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Models;
import dev.askape.chat.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ListingTest {
  private final Models models = new Models(List.of(), List.of());

  private static Model model(String id, String provider, boolean isDefault) {
    return new Model(
        new ModelId(id),
        id,
        provider,
        isDefault,
        OptionalInt.empty(),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        (_, _) -> new Outcome.Finished(FinishReason.STOP, Optional.empty()),
        () -> true);
  }

  private Listing listing(List<Model> written, String... providers) {
    return new Listing(models, written, List.of(providers));
  }

  private List<String> ids() {
    return models.listed().stream().map(it -> it.id().value()).toList();
  }

  private List<String> defaults() {
    return models.defaults().stream().map(it -> it.id().value()).toList();
  }

  @Test
  void addsWhatAProviderHasToWhatIsWritten() {
    var listing = listing(List.of(model("a", "p", true)), "p", "q");
    listing.found("q", List.of(model("c", "q", false)));
    listing.found("p", List.of(model("b", "p", false)));

    assertThat(ids()).containsExactly("a", "b", "c");
    assertThat(defaults()).containsExactly("a");
  }

  @Test
  void takesAnIdAsItIsWrittenElseAsTheFirstProviderHasIt() {
    var listing = listing(List.of(model("a", "written", true)), "p", "q");
    listing.found("q", List.of(model("b", "q", false)));
    listing.found("p", List.of(model("a", "p", false), model("b", "p", false)));

    assertThat(models.listed()).extracting(Model::provider).containsExactly("written", "p");
  }

  @Test
  void dropsWhatAProviderHasNoMore() {
    var listing = listing(List.of(), "p");
    listing.found("p", List.of(model("a", "p", false), model("b", "p", false)));
    listing.found("p", List.of(model("b", "p", false)));

    assertThat(ids()).containsExactly("b");
  }

  @Test
  void asksTheFirstThreeWhenNoneIsWritten() {
    var listing = listing(List.of(), "p");
    listing.found(
        "p",
        List.of(
            model("a", "p", false),
            model("b", "p", false),
            model("c", "p", false),
            model("d", "p", false)));

    assertThat(defaults()).containsExactly("a", "b", "c");
  }
}
