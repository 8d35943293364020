package dev.askape.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until the test moves it. Safe for any thread.
public final class MovedClock implements InstantSource {
  public static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);

  @Override
  public Instant instant() {
    return now.get();
  }

  public void move(Duration by) {
    now.updateAndGet(then -> then.plus(by));
  }
}
