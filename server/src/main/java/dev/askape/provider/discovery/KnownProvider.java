package dev.askape.provider.discovery;

import dev.askape.provider.apis.Api;
import java.net.URI;
import java.util.List;

/// A provider on the internet that is used when its key is in the environment.
///
/// @param name how it is called in the list of models
/// @param title how people know it
/// @param key the environment variable
/// @param models its well-known chat models, the best known first; none: it is asked at start what
///   it has
public record KnownProvider(
    String name, String title, String key, Api api, URI baseUrl, List<String> models) {
  public KnownProvider {
    models = List.copyOf(models);
  }
}
