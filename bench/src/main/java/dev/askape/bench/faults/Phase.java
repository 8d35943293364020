package dev.askape.bench.faults;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// How long things took while MongoDB was in one state. Safe for any thread.
final class Phase {
  private static final long LONGEST_US = TimeUnit.MINUTES.toMicros(1);

  /// What is measured.
  enum Measure {
    FIRST_TOKEN("first token"),
    FRAGMENT("from one fragment to the next"),
    END("from the last fragment to the turn's end"),
    NEW_SESSION("first token in a new session"),
    JOIN("joining a session that is in use, with its history");

    private final String title;

    Measure(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  @GuardedBy("this")
  private final Map<Measure, Histogram> times = new EnumMap<>(Measure.class);

  @GuardedBy("this")
  private final Map<String, Integer> told = new TreeMap<>();

  Phase() {
    for (var measure : Measure.values()) {
      times.put(measure, new Histogram(LONGEST_US, 3));
    }
  }

  synchronized void took(Measure measure, long nanos) {
    of(measure).recordValue(Math.clamp(nanos / 1_000, 0, LONGEST_US));
  }

  /// Where a message was said to be stored, or why not.
  synchronized void told(String what) {
    told.merge(what, 1, Integer::sum);
  }

  @GuardedBy("this")
  private Histogram of(Measure measure) {
    return times.computeIfAbsent(measure, _ -> new Histogram(LONGEST_US, 3));
  }

  synchronized double millis(Measure measure, double percentile) {
    return of(measure).getValueAtPercentile(percentile) / 1_000.0;
  }

  synchronized long count(Measure measure) {
    return of(measure).getTotalCount();
  }

  /// How many took at least so long.
  synchronized long countFrom(Measure measure, long millis) {
    return of(measure).getCountBetweenValues(millis * 1_000, LONGEST_US);
  }

  synchronized Map<String, Integer> told() {
    return Map.copyOf(told);
  }
}
