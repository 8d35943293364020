package dev.askape;

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

/// Puts the list of models together from its parts, anew whenever one of them changes: what is
/// written, what providers say they have, what runs on this machine. Safe for any thread.
final class Listing {
  private static final int MAX_DEFAULTS = 3;

  private final Models models;
  private final List<Model> written;
  private final Optional<LocalModels> local;

  @GuardedBy("this")
  private final Map<String, List<Model>> found = new LinkedHashMap<>();

  @GuardedBy("this")
  private boolean localServes;

  /// @param models listed from now on by this alone
  /// @param providers that will be asked what they have, in the order in which that is listed
  Listing(Models models, List<Model> written, List<String> providers, Optional<LocalModels> local) {
    this.models = models;
    this.written = List.copyOf(written);
    this.local = local;
    providers.forEach(name -> found.put(name, List.of()));
    publish();
  }

  /// What a provider has now.
  synchronized void found(String provider, List<Model> now) {
    found.put(provider, List.copyOf(now));
    publish();
  }

  /// Whether the local models can be asked now.
  synchronized void localServes(boolean now) {
    localServes = now;
    publish();
  }

  private synchronized void publish() {
    var others = others();
    models.list(local.map(it -> new LocalOffer(it, others).listed(localServes)).orElse(others));
  }

  /// An id counts once: as it is written, else as the first provider has it.
  @GuardedBy("this")
  private List<Model> others() {
    var byId = new LinkedHashMap<ModelId, Model>();
    written.forEach(model -> byId.put(model.id(), model));
    found.values().forEach(all -> all.forEach(model -> byId.putIfAbsent(model.id(), model)));
    var all = new ArrayList<>(byId.values());
    if (written.isEmpty()) {
      for (int i = 0; i < Math.min(MAX_DEFAULTS, all.size()); i++) {
        all.set(i, all.get(i).asDefault(true));
      }
    }
    return all;
  }
}
