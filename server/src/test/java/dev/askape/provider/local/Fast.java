package dev.askape.provider.local;

import java.time.Duration;

/// Limits for tests: short pauses, long waits for what should happen.
final class Fast {
  private Fast() {}

  static LocalSettings.Limits limits() {
    return new LocalSettings.Limits(
        Duration.ofSeconds(30),
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMinutes(1),
        3,
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        Duration.ofMillis(50));
  }
}
