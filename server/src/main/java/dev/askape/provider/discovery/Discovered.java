package dev.askape.provider.discovery;

import dev.askape.chat.Model;
import dev.askape.provider.Provider;
import java.util.List;

/// What there is without a configuration.
///
/// @param models at least two; ids are unique
/// @param providers to be closed at the end
/// @param notes plain lines to print at start: what was found, and how to get more
public record Discovered(List<Model> models, List<Provider> providers, List<String> notes) {
  public Discovered {
    models = List.copyOf(models);
    providers = List.copyOf(providers);
    notes = List.copyOf(notes);
  }
}
