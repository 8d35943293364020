package dev.askape.config;

import java.util.HashMap;

/// Whether the values, each right in itself, make sense together.
///
/// @param settings what was read
record Coherence(Settings settings) {
  void check() {
    openModeIsWanted();
    providersHaveModels();
    modelIdsAreUnique();
    for (var i = 0; i < settings.models().size(); i++) {
      providerExists(settings.models().get(i), "models[" + i + "]");
      patternIsPassedOn(settings.models().get(i), "models[" + i + "]");
    }
    defaultsFitIntoOneTurn();
    new MoneyCoherence(settings, this::origin).check();
  }

  /// In open mode anybody is who he says he is; nobody should open that to a network unawares.
  private void openModeIsWanted() {
    var server = settings.server();
    if (settings.auth().mode().isEmpty() && !server.isLoopback()) {
      throw ConfigException.at(
          origin("server.host"),
          "server.host %s can be reached from other machines, and in open mode anybody there is who he says he is; "
                  .formatted(server.host())
              + "if that is wanted, write auth.mode: open (or --auth.mode=open), else listen on 127.0.0.1");
    }
  }

  private void providersHaveModels() {
    boolean listsOne =
        settings.providers().values().stream().anyMatch(it -> it.catalogue().isPresent());
    if (settings.models().isEmpty() && !settings.providers().isEmpty() && !listsOne) {
      var name = settings.providers().keySet().iterator().next();
      throw ConfigException.at(
          origin("providers." + name + ".base-url"),
          "there are providers but no models; add models: [{id: …, provider: %s}], or models: auto to the provider"
              .formatted(name));
    }
  }

  private void modelIdsAreUnique() {
    var places = new HashMap<String, String>();
    for (var i = 0; i < settings.models().size(); i++) {
      var id = settings.models().get(i).id();
      var place = origin("models[" + i + "].id");
      var earlier = places.putIfAbsent(id, place);
      if (earlier != null) {
        throw ConfigException.at(
            place, "the model %s is there twice (first at %s); keep one".formatted(id, earlier));
      }
    }
  }

  private void providerExists(Settings.Model model, String place) {
    var providers = settings.providers().keySet();
    if (!providers.contains(model.provider())) {
      var wayOut =
          providers.isEmpty()
              ? "there are none; add it under providers"
              : Suggestion.of(model.provider(), providers)
                  .map("did you mean %s?"::formatted)
                  .orElse("there are " + String.join(", ", providers));
      throw ConfigException.at(
          origin(place + ".provider"),
          "%s.provider names %s, which is not among the providers; %s"
              .formatted(place, model.provider(), wayOut));
    }
  }

  private void patternIsPassedOn(Settings.Model model, String place) {
    if (model.isPattern() && model.isDefault()) {
      throw ConfigException.at(
          origin(place + ".default"),
          "%s.default cannot be true: %s is a pattern, not a model".formatted(place, model.id()));
    }
    if (model.isPattern() && model.upstreamId().isPresent()) {
      throw ConfigException.at(
          origin(place + ".upstream-id"),
          "%s.upstream-id has no meaning: what %s matches is passed on as it is"
              .formatted(place, model.id()));
    }
  }

  private void defaultsFitIntoOneTurn() {
    var defaults = settings.models().stream().filter(Settings.Model::isDefault).count();
    var allowed = settings.limits().modelsPerTurn();
    if (defaults > allowed) {
      throw new ConfigException(
          "%d models are defaults, but limits.models-per-turn (%s) is %d; raise it, or mark fewer with default: true"
              .formatted(defaults, origin("limits.models-per-turn"), allowed));
    }
  }

  private String origin(String key) {
    return settings.values().stream()
        .filter(setting -> setting.key().equals(key))
        .map(Setting::origin)
        .findFirst()
        .orElse("default");
  }
}
