package dev.askape.gateway;

import java.util.concurrent.TimeUnit;

/// How many events one socket may still send: a bucket that refills steadily. Confined to the
/// socket's event loop.
final class EventRate {
  private final int perSecond;
  private final int burst;
  private double tokens;
  private long at;

  EventRate(int perSecond, int burst, long now) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.at = now;
  }

  /// Takes one event out of the bucket; false when it is empty.
  boolean take(long now) {
    tokens =
        Math.min(burst, tokens + (now - at) * (double) perSecond / TimeUnit.SECONDS.toNanos(1));
    at = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /// Until there is one again.
  long retryAfterMs() {
    return (long) Math.ceil((1 - tokens) * 1_000 / perSecond);
  }
}
