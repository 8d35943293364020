package dev.askape.provider.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaders;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// When a server wants to be asked again: `retry-after-ms`, `Retry-After` in seconds (also with a
/// fraction) or as a date, `"34s"` in an error's details. What is negative, in the past or nonsense
/// is as if it were not there; what is longer than a day counts as a day, which nobody waits for.
final class RetryAfter {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,30}(\\.[0-9]{1,12})?");
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(LONGEST.toNanos());
  private static final int MAX_LENGTH = 40;

  private RetryAfter() {}

  static Optional<Duration> of(HttpHeaders headers, Instant now) {
    var millis = number(headers.get("retry-after-ms"), 6);
    return millis.isPresent() ? millis : value(headers.get("retry-after"), now);
  }

  private static Optional<Duration> value(@Nullable String text, Instant now) {
    if (text == null || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    var seconds = number(text, 9);
    if (seconds.isPresent() || text.isBlank()) {
      return seconds;
    }
    var date = DateFormatter.parseHttpDate(text.strip());
    return date == null
        ? Optional.empty()
        : Optional.of(Duration.between(now, date.toInstant()))
            .filter(wait -> !wait.isNegative())
            .map(RetryAfter::bounded);
  }

  /// A protobuf duration, such as `34s` or `0.5s`.
  static Optional<Duration> delay(String text) {
    return text.endsWith("s") ? number(text.substring(0, text.length() - 1), 9) : Optional.empty();
  }

  /// @param digits by which its unit is longer than a nanosecond
  private static Optional<Duration> number(@Nullable String text, int digits) {
    if (text == null || text.length() > MAX_LENGTH || !NUMBER.matcher(text.strip()).matches()) {
      return Optional.empty();
    }
    var nanos = new BigDecimal(text.strip()).movePointRight(digits).min(MOST_NANOS);
    return Optional.of(Duration.ofNanos(nanos.longValue()));
  }

  private static Duration bounded(Duration wait) {
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}
