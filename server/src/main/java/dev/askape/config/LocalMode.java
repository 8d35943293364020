package dev.askape.config;

/// Whether the models of this machine are offered.
public enum LocalMode {
  /// When no other is configured or found.
  AUTO,
  TRUE,
  FALSE
}
