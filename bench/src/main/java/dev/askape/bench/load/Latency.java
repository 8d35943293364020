package dev.askape.bench.load;

import org.HdrHistogram.Histogram;

/// How long things took, in milliseconds.
public record Latency(long count, double p50, double p99, double max) {
  private static final double MICROS = 1_000.0;

  static Latency of(Histogram micros) {
    return new Latency(
        micros.getTotalCount(),
        micros.getValueAtPercentile(50) / MICROS,
        micros.getValueAtPercentile(99) / MICROS,
        micros.getMaxValue() / MICROS);
  }
}
