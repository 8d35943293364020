package dev.askape.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.chat.ErrorType;
import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Models;
import dev.askape.chat.Outcome;
import dev.askape.http.EventLoops;
import dev.askape.provider.demo.DemoModels;
import dev.askape.provider.local.LocalModels;
import dev.askape.provider.local.LocalSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalOfferTest {
  private static final String PLAIN = "local/smollm2";
  private static final String INVENTIVE = "local/smollm2-inventive";
  private static final String DEMO_A = "askape/demo-a";
  private static final String DEMO_B = "askape/demo-b";

  private final EventLoops loops = EventLoops.start(1);
  private final LocalModels local =
      new LocalModels(
          new LocalSettings(
              Path.of("not-used"),
              Optional.empty(),
              1,
              2048,
              List.of(), // no program: they cannot be made ready
              List.of(),
              LocalSettings.Limits.DEFAULTS),
          loops.loops());

  private LocalOffer beside(List<Model> others) {
    return new LocalOffer(local, others);
  }

  @AfterEach
  void close() {
    local.close();
    loops.close();
  }

  private static Model configured(String id, boolean isDefault) {
    return new Model(
        new ModelId(id),
        "Configured",
        "house",
        isDefault,
        OptionalInt.empty(),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        (_, _) -> new Outcome.Failed(ErrorType.UNAVAILABLE, "never asked"),
        () -> true);
  }

  private static List<String> ids(List<Model> models) {
    return models.stream().map(it -> it.id().value()).toList();
  }

  private static List<String> defaults(List<Model> models) {
    return ids(models.stream().filter(Model::isDefault).toList());
  }

  @Test
  void leavesTheDemoModelsTheDefaultsUntilTheLocalOnesCanBeAsked() {
    var listed = beside(DemoModels.list()).listed(false);

    assertThat(ids(listed)).containsExactly(PLAIN, INVENTIVE, DEMO_A, DEMO_B);
    assertThat(defaults(listed)).containsExactly(DEMO_A, DEMO_B);
  }

  @Test
  void makesTheLocalOnesTheDefaultsWhereElseThereAreOnlyDemoModels() {
    var listed = beside(DemoModels.list()).listed(true);

    assertThat(ids(listed)).containsExactly(PLAIN, INVENTIVE, DEMO_A, DEMO_B);
    assertThat(defaults(listed)).containsExactly(PLAIN, INVENTIVE);
  }

  @Test
  void leavesTheDefaultsOfTheConfigurationAlone() {
    var others = new ArrayList<>(DemoModels.list());
    others.add(configured("house/one", true));

    assertThat(defaults(beside(others).listed(true))).containsExactly(DEMO_A, DEMO_B, "house/one");
  }

  @Test
  void makesTheLocalOnesTheDefaultsWhereTheConfigurationNamesNone() {
    assertThat(defaults(beside(List.of(configured("house/one", false))).listed(true)))
        .containsExactly(PLAIN, INVENTIVE);
  }

  @Test
  void offersWhatIsConfiguredUnderTheIdOfALocalModelInItsPlace() {
    var mine = configured(PLAIN, true);
    var listed = beside(List.of(mine)).listed(true);

    assertThat(ids(listed)).containsExactly(INVENTIVE, PLAIN);
    assertThat(listed).last().isSameAs(mine);
  }

  @Test
  void keepsTheDemoModelsWhenTheLocalOnesWillNotCome() {
    var offer = beside(DemoModels.list());
    var models = new Models(offer.listed(true), List.of());
    offer.local().start(served -> models.list(offer.listed(served)));

    await().until(() -> defaults(models.listed()).contains(DEMO_A));
    assertThat(defaults(models.listed())).containsExactly(DEMO_A, DEMO_B);
    assertThat(models.find(new ModelId(PLAIN)).orElseThrow().available().getAsBoolean()).isFalse();
  }
}
