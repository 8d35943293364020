package dev.askape.bench.load;

import java.time.Duration;
import java.util.List;

/// Whom to load and how.
///
/// @param clients how many, each with a session of its own
/// @param models what each asks in every turn
/// @param tokens fragments that each answer has
/// @param spread the time over which the clients' first messages are spread
public record LoadSettings(
    String host, int port, int clients, List<String> models, int tokens, Duration spread) {
  public LoadSettings {
    models = List.copyOf(models);
  }
}
