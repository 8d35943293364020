package dev.askape.it;

import java.util.Locale;

/// A kind of provider, as the configuration calls it.
enum ProviderKind {
  OPENAI("/v1"),
  ANTHROPIC("/v1"),
  GEMINI("/v1beta"),
  OLLAMA("");

  /// What stands behind the port in its base URL.
  final String base;

  ProviderKind(String base) {
    this.base = base;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
