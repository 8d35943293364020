package dev.askape.config;

/// Which of a provider's models are offered.
public enum ModelSource {
  /// Those that are written in the configuration.
  LISTED,
  /// Also all that the provider says it has.
  AUTO
}
