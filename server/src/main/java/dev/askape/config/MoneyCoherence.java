package dev.askape.config;

import dev.askape.chat.Budget;
import dev.askape.chat.Budgets;
import dev.askape.chat.IdPattern;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Whether fallbacks lead somewhere, and money budgets can be kept.
///
/// @param origin where a key was written
record MoneyCoherence(Settings settings, UnaryOperator<String> origin) {
  void check() {
    var models = settings.models();
    for (var i = 0; i < models.size(); i++) {
      fallbackExists(models.get(i), "models[" + i + "]");
      fallbackEnds(models.get(i), "models[" + i + "]");
    }
    moneyCanBeCounted();
  }

  private void fallbackExists(Settings.Model model, String place) {
    var id = model.fallback();
    if (id.isPresent() && find(id.get()).isEmpty()) {
      var known = settings.models().stream().map(Settings.Model::id).toList();
      throw ConfigException.at(
          origin.apply(place + ".fallback"),
          "%s.fallback names %s, which is not among the models; %s"
              .formatted(
                  place,
                  id.get(),
                  Suggestion.of(id.get(), known)
                      .map("did you mean %s?"::formatted)
                      .orElse("there are " + String.join(", ", known))));
    }
  }

  /// Though only one is ever followed: who writes a circle means something else.
  private void fallbackEnds(Settings.Model model, String place) {
    var met = new LinkedHashSet<String>();
    for (var next = Optional.of(model); next.isPresent(); next = next.flatMap(this::after)) {
      if (!met.add(next.get().id())) {
        throw ConfigException.at(
            origin.apply(place + ".fallback"),
            "%s.fallback leads in a circle: %s; leave one of them out"
                .formatted(place, String.join(" → ", met) + " → " + next.get().id()));
      }
    }
  }

  private Optional<Settings.Model> after(Settings.Model model) {
    return model.fallback().flatMap(this::find);
  }

  /// As it is looked up at run time: the exact id, else the first pattern that covers it.
  private Optional<Settings.Model> find(String id) {
    var models = settings.models();
    return models.stream()
        .filter(model -> !model.isPattern() && model.id().equals(id))
        .findFirst()
        .or(() ->
            models.stream()
                .filter(model -> model.isPattern() && new IdPattern(model.id()).matches(id))
                .findFirst());
  }

  /// A model without a price would count as free. One that is only found later, in a provider's
  /// list, is refused then if that says none.
  private void moneyCanBeCounted() {
    var key = keyOfMoney(settings.budgets());
    if (key.isEmpty()) {
      return;
    }
    var models = settings.models();
    boolean listsOne =
        settings.providers().values().stream().anyMatch(it -> it.catalogue().isPresent());
    if (models.isEmpty() && !listsOne) {
      throw ConfigException.at(
          origin.apply(key.get()),
          key.get() + " needs models with prices: configure models, or give a budget in tokens");
    }
    for (var i = 0; i < models.size(); i++) {
      if (models.get(i).price().isEmpty()) {
        throw ConfigException.at(
            origin.apply("models[" + i + "].id"),
            "models[%d] (%s) has no price, but %s bounds money; add price: {prompt: …, completion: …}, zeros for a free one"
                .formatted(i, models.get(i).id(), key.get()));
      }
    }
  }

  private static Optional<String> keyOfMoney(Budgets budgets) {
    record Bound(String key, boolean isMoney) {}
    return List.of(
            new Bound("budgets.guest.money", budgets.guest().flatMap(Budget::money).isPresent()),
            new Bound("budgets.user.money", budgets.user().flatMap(Budget::money).isPresent()),
            new Bound(
                "budgets.turn.money", budgets.turn().flatMap(Budgets.OfTurn::money).isPresent()))
        .stream()
        .filter(Bound::isMoney)
        .map(Bound::key)
        .findFirst();
  }
}
