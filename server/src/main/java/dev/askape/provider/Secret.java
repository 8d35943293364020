package dev.askape.provider;

/// A text that must not be printed, such as an API key: [#toString] never shows it. Immutable.
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /// The text itself, for the one place that sends it.
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
