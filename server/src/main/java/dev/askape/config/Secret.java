package dev.askape.config;

/// A text that must not be shown: it prints as [#HIDDEN].
public record Secret(String value) {
  public static final String HIDDEN = "(hidden)";

  @Override
  public String toString() {
    return HIDDEN;
  }
}
