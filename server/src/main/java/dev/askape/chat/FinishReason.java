package dev.askape.chat;

/// Why an answer that completed ended, in one vocabulary for all providers.
public enum FinishReason {
  STOP,
  LENGTH,
  STOPPED,
  BUDGET,
  CONTENT_FILTER,
  OTHER
}
