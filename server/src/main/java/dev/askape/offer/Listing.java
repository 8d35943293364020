package dev.askape.offer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.Models;
import dev.askape.provider.local.LocalModels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts the list of models together from its parts, anew whenever one of them changes: what is
/// written, what providers say they have, what runs on this machine. Safe for any thread.
public final class Listing {
  private static final int MAX_DEFAULTS = 3;

  private final Models models;
  private final List<Model> fixed;

  @GuardedBy("this")
  private final Map<String, List<Model>> found = new LinkedHashMap<>();

  @GuardedBy("this")
  private @Nullable LocalModels local;

  @GuardedBy("this")
  private boolean localServes;

  /// @param models listed from now on by this alone
  /// @param fixed those that are always there
  /// @param providers that say what they have, in the order in which that is listed
  Listing(Models models, List<Model> fixed, List<String> providers) {
    this.models = models;
    this.fixed = List.copyOf(fixed);
    providers.forEach(name -> found.put(name, List.of()));
  }

  Models models() {
    return models;
  }

  /// What a provider has now.
  synchronized void found(String provider, List<Model> now) {
    found.put(provider, List.copyOf(now));
    publish();
  }

  /// From now on there are local models too.
  synchronized void add(LocalModels ready) {
    local = ready;
    publish();
  }

  /// Whether the local models can be asked now.
  synchronized void localServes(boolean now) {
    localServes = now;
    publish();
  }

  @GuardedBy("this")
  private void publish() {
    var others = others();
    models.list(
        Optional.ofNullable(local)
            .map(it -> new LocalOffer(it, others).listed(localServes))
            .orElse(others));
  }

  /// An id counts once: as it is fixed, else as the first provider has it.
  @GuardedBy("this")
  private List<Model> others() {
    var byId = new LinkedHashMap<ModelId, Model>();
    fixed.forEach(model -> byId.put(model.id(), model));
    found.values().forEach(all -> all.forEach(model -> byId.putIfAbsent(model.id(), model)));
    var all = new ArrayList<>(byId.values());
    if (fixed.isEmpty()) {
      for (int i = 0; i < Math.min(MAX_DEFAULTS, all.size()); i++) {
        all.set(i, all.get(i).asDefault(true));
      }
    }
    return all;
  }
}
