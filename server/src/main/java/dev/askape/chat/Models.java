package dev.askape.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Which models there are: those that are listed, and patterns whose ids are passed on as they are.
/// The list can change while the server runs; each call sees one state of it. Safe for any thread.
public final class Models {
  private volatile Map<ModelId, Model> listed;
  private final List<Pattern> patterns;

  /// A family of models told by the form of their ids.
  public record Pattern(IdPattern form, Function<ModelId, Model> model) {}

  public Models(List<Model> models, List<Pattern> patterns) {
    this.listed = byId(models);
    this.patterns = List.copyOf(patterns);
  }

  private static Map<ModelId, Model> byId(List<Model> models) {
    var byId = new LinkedHashMap<ModelId, Model>();
    models.forEach(model -> byId.put(model.id(), model));
    return Collections.unmodifiableMap(byId);
  }

  /// From now on these are listed, instead of those that were. Answers that run are not touched.
  public void list(List<Model> models) {
    listed = byId(models);
  }

  public List<Model> listed() {
    return List.copyOf(listed.values());
  }

  /// Those that are asked when a message names none.
  public List<Model> defaults() {
    return listed.values().stream().filter(Model::isDefault).toList();
  }

  public Optional<Model> find(ModelId id) {
    var model = listed.get(id);
    if (model != null) {
      return Optional.of(model);
    }
    return patterns.stream()
        .filter(p -> p.form().matches(id.value()))
        .findFirst()
        .map(p -> p.model().apply(id));
  }
}
