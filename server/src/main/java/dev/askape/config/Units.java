package dev.askape.config;

import dev.askape.chat.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Numbers, durations (`250ms`, `5s`, `5m`, `1h`) and sizes (`500B`, `256kB`, `1MB`, `1MiB`), as
/// they are written and read.
final class Units {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,10})([A-Za-z]*)");
  private static final Map<String, Duration> TIMES = new LinkedHashMap<>();
  private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

  static {
    TIMES.put("h", Duration.ofHours(1));
    TIMES.put("m", Duration.ofMinutes(1));
    TIMES.put("s", Duration.ofSeconds(1));
    TIMES.put("ms", Duration.ofMillis(1));
    SIZES.put("MiB", 1 << 20);
    SIZES.put("MB", 1_000_000);
    SIZES.put("KiB", 1 << 10);
    SIZES.put("kB", 1_000);
    SIZES.put("B", 1);
  }

  private Units() {}

  /// Of a whole; `10%`.
  static Type<Integer> percent(int min) {
    return Type.of(
        "a percentage from %d%% to 100%%".formatted(min),
        text ->
            text.matches("\\d{1,3}%")
                ? Optional.of(Integer.valueOf(text.substring(0, text.length() - 1)))
                    .filter(percent -> percent >= min && percent <= 100)
                : Optional.empty(),
        percent -> percent + "%");
  }

  static Optional<Long> whole(String text) {
    return text.matches("-?\\d{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  static Optional<Double> decimal(String text) {
    return text.matches("-?\\d{1,9}(\\.\\d{1,9})?")
        ? Optional.of(Double.valueOf(text))
        : Optional.empty();
  }

  /// An amount of money.
  static Type<Money> money() {
    return Type.of(
        "an amount from 0 to 999999999, such as `0.15`",
        text ->
            text.matches("\\d{1,9}(\\.\\d{1,9})?")
                ? Optional.of(Money.of(new BigDecimal(text)))
                : Optional.empty(),
        Money::toString);
  }

  /// A number of things, of which there may be very many.
  static Type<Long> count() {
    return Type.of(
        "a whole number from 1 to 999999999999999",
        text -> whole(text).filter(n -> n >= 1 && n < 1_000_000_000_000_000L),
        String::valueOf);
  }

  /// A duration between two written as durations.
  static Type<Duration> duration(String min, String max) {
    var shortest = duration(min).orElseThrow();
    var longest = duration(max).orElseThrow();
    return Type.of(
        "a duration from %s to %s".formatted(min, max),
        text ->
            duration(text).filter(it -> it.compareTo(shortest) >= 0 && it.compareTo(longest) <= 0),
        Units::show);
  }

  /// A size in bytes between two written as sizes.
  static Type<Integer> size(String min, String max) {
    var smallest = size(min).orElseThrow();
    var largest = size(max).orElseThrow();
    return Type.of(
        "a size from %s to %s".formatted(min, max),
        text -> size(text).filter(it -> it >= smallest && it <= largest).map(Math::toIntExact),
        Units::show);
  }

  private static Optional<Duration> duration(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    var amount = AMOUNT.matcher(text);
    return amount.matches()
        ? Optional.ofNullable(TIMES.get(amount.group(2)))
            .map(unit -> unit.multipliedBy(Long.parseLong(amount.group(1))))
        : Optional.empty();
  }

  private static Optional<Long> size(String text) {
    var amount = AMOUNT.matcher(text);
    return amount.matches()
        ? Optional.ofNullable(SIZES.get(amount.group(2)))
            .map(unit -> unit * Long.parseLong(amount.group(1)))
        : Optional.empty();
  }

  private static String show(Duration duration) {
    var millis = duration.toMillis();
    for (var unit : TIMES.entrySet()) {
      var length = unit.getValue().toMillis();
      if (millis >= length && millis % length == 0) {
        return millis / length + unit.getKey();
      }
    }
    return "0";
  }

  private static String show(int bytes) {
    for (var unit : SIZES.entrySet()) {
      if (bytes >= unit.getValue() && bytes % unit.getValue() == 0) {
        return bytes / unit.getValue() + unit.getKey();
      }
    }
    return "0B";
  }
}
