package dev.askape.chat;

/// Sums of counts that are never negative. What is too much to be held is held as the most there
/// is: what a provider reports must not break a sum.
final class Saturated {
  private Saturated() {}

  static long sum(long one, long other) {
    long sum = Math.max(0, one) + Math.max(0, other);
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
