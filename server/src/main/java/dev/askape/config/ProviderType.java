package dev.askape.config;

/// The API that a provider speaks.
public enum ProviderType {
  OPENAI,
  ANTHROPIC,
  GEMINI,
  OLLAMA
}
