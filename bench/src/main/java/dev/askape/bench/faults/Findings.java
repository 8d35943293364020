package dev.askape.bench.faults;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is wrong, counted by kind, with a few examples. Safe for any thread.
final class Findings {
  private static final int EXAMPLES = 5;

  /// What can be wrong.
  enum Kind {
    LOST("acknowledged messages lost"),
    TWICE("shown twice"),
    UNENDED("turns without an end"),
    DISORDER("order broken"),
    /// An answer or a message is kept otherwise than a client was told.
    CONTRADICTED("kept otherwise than told");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  @GuardedBy("this")
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

  @GuardedBy("this")
  private final Map<Kind, List<String>> examples = new EnumMap<>(Kind.class);

  /// Adds what others found somewhere.
  void addAll(String place, Findings others) {
    var found = others.counts();
    var shown = others.examples();
    synchronized (this) {
      found.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
      shown.forEach((kind, some) ->
          some.forEach(one ->
              examples.computeIfAbsent(kind, _ -> new ArrayList<>()).add(place + ": " + one)));
    }
  }

  private synchronized Map<Kind, Long> counts() {
    return Map.copyOf(counts);
  }

  private synchronized Map<Kind, List<String>> examples() {
    return Map.copyOf(examples);
  }

  @FormatMethod
  synchronized void add(Kind kind, String what, Object... values) {
    counts.merge(kind, 1L, Long::sum);
    var some = examples.computeIfAbsent(kind, _ -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(what.formatted(values));
    }
  }

  synchronized long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  synchronized boolean isEmpty() {
    return counts.isEmpty();
  }

  /// A line with all counts, and the examples below it.
  @Override
  public synchronized String toString() {
    var text = new StringBuilder();
    for (var kind : Kind.values()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(kind.title())
          .append(' ')
          .append(counts.getOrDefault(kind, 0L));
    }
    examples.forEach((kind, some) ->
        some.forEach(one -> text.append("\n  ").append(kind.title()).append(": ").append(one)));
    return text.toString();
  }
}
