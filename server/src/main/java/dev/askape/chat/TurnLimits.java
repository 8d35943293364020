package dev.askape.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Counts what runs and how often a party starts something. Safe for any thread.
final class TurnLimits {
  private static final int PARTIES = 100_000;

  private final ChatSettings settings;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private final Map<Party, Integer> runningTurns = new HashMap<>();

  @GuardedBy("this")
  private final Map<Party, Bucket> buckets = new HashMap<>();

  @GuardedBy("this")
  private int runningAnswers;

  /// Turns that a party may still start at `atNanos`.
  private record Bucket(double turns, long atNanos) {}

  TurnLimits(ChatSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  /// Counts a turn with so many answers in, unless that is over a limit.
  synchronized Optional<Refusal> begin(Party party, int answers) {
    if (runningTurns.getOrDefault(party, 0) >= settings.turnsPerIdentity()
        || runningAnswers + answers > settings.answers()) {
      return Optional.of(new Refusal.Busy());
    }
    var limited = takeFromBucket(party);
    if (limited.isEmpty()) {
      runningTurns.merge(party, 1, Integer::sum);
      runningAnswers += answers;
    }
    return limited;
  }

  synchronized void answerEnded() {
    runningAnswers--;
  }

  synchronized void turnEnded(Party party) {
    runningTurns.computeIfPresent(party, (_, running) -> running == 1 ? null : running - 1);
  }

  synchronized int runningAnswers() {
    return runningAnswers;
  }

  @GuardedBy("this")
  private Optional<Refusal> takeFromBucket(Party party) {
    int perMinute = settings.turnsPerMinute();
    if (perMinute == 0) {
      return Optional.empty();
    }
    long now = nanos.getAsLong();
    forgetFullBuckets(now);
    double turns = level(buckets.getOrDefault(party, new Bucket(perMinute, now)), now);
    if (turns < 1) {
      var wait = Duration.ofMillis((long) Math.ceil((1 - turns) * 60_000 / perMinute));
      return Optional.of(new Refusal.RateLimited(wait));
    }
    buckets.put(party, new Bucket(turns - 1, now));
    return Optional.empty();
  }

  @GuardedBy("this")
  private void forgetFullBuckets(long now) {
    if (buckets.size() >= PARTIES) {
      buckets.values().removeIf(bucket -> level(bucket, now) >= settings.turnsPerMinute());
    }
  }

  private double level(Bucket bucket, long now) {
    double gained = (now - bucket.atNanos) * settings.turnsPerMinute() / 60e9;
    return Math.min(settings.turnsPerMinute(), bucket.turns + gained);
  }
}
