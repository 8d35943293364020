package dev.askape.provider.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Time that passes only when somebody waits for it.
final class FakeTime extends Clock {
  private long nanos = 1_000_000_000_000L;
  final List<Duration> pauses = new ArrayList<>();

  synchronized long nanos() {
    return nanos;
  }

  synchronized void pass(Duration time) {
    nanos += time.toNanos();
  }

  synchronized void sleep(Duration time) {
    pauses.add(time);
    nanos += time.toNanos();
  }

  @Override
  public synchronized Instant instant() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
