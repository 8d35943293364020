package dev.askape.bench.faults;

/// What came of a trial.
///
/// @param what was done, with figures
record Report(String trial, String what, Findings findings) {
  @Override
  public String toString() {
    return "%s: %s%n  %s".formatted(trial, what, findings);
  }
}
