package dev.askape.bench.reader;

import java.util.Locale;

/// What reading cost over a window. Its text is what one process tells the other.
///
/// @param share of the fragments that were sent in that time, those that were read
/// @param cpu seconds of the process
/// @param compiling the part of it that was compiling
/// @param p50 milliseconds from the stand-in's write to the reader, like the next two
public record ReaderResult(
    long fragments,
    double share,
    double cpu,
    double compiling,
    double p50,
    double p99,
    double max) {

  static ReaderResult parse(String line) {
    var fields = line.split(" ", -1);
    return new ReaderResult(
        Long.parseLong(fields[0]),
        Double.parseDouble(fields[1]),
        Double.parseDouble(fields[2]),
        Double.parseDouble(fields[3]),
        Double.parseDouble(fields[4]),
        Double.parseDouble(fields[5]),
        Double.parseDouble(fields[6]));
  }

  double microsPerFragment() {
    return 1e6 * (cpu - compiling) / fragments;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d %.4f %.2f %.2f %.3f %.3f %.3f",
        fragments,
        share,
        cpu,
        compiling,
        p50,
        p99,
        max);
  }
}
