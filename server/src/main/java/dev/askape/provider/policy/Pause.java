package dev.askape.provider.policy;

import dev.askape.provider.Attempt;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// How long to wait before the next try.
///
/// @param chance 0 to 1, evenly
record Pause(Policy.Retries retries, DoubleSupplier chance) {
  /// Empty when the provider wants to be left alone for too long.
  ///
  /// @param tries how many there were
  Optional<Duration> after(Attempt attempt, int tries) {
    if (attempt.retryAfter().isPresent()) {
      return attempt.retryAfter().filter(wait -> wait.compareTo(retries.longestWait()) <= 0);
    }
    double longest = retries.longestPause().toNanos();
    int doublings = Math.min(tries - 1, 30);
    double most = Math.min(longest, Math.scalb((double) retries.firstPause().toNanos(), doublings));
    return Optional.of(Duration.ofNanos((long) (most * chance.getAsDouble())));
  }
}
