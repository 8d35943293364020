package dev.askape.chat;

/// Counts the tokens of a text, near enough for a context window or an estimate. Safe for any
/// thread.
public interface TokenCounter {
  int count(String text);
}
