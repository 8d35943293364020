package dev.askape.chat;

import java.util.Arrays;

/// A text that only grows. One writer at a time; any number of readers, without a lock, each of
/// which sees what was published before it looked.
final class GrowingText {
  private static final Said NOTHING = new Said(new char[0], 0, 0);

  private char[] chars = new char[128];
  private int length;
  private int fragments;
  private char waitingHigh; // the first half of a surrogate pair that a provider cut in two

  private volatile Said said = NOTHING;

  Said said() {
    return said;
  }

  /// Appends a fragment and publishes it, but for a last half pair, which waits for its other half.
  void append(String fragment) {
    fragments++;
    int before = length;
    for (int i = 0; i < fragment.length(); i++) {
      append(fragment.charAt(i));
    }
    if (length > before) {
      publish();
    }
  }

  /// Nothing more comes: a half pair that still waits has no other half.
  void end() {
    if (waitingHigh != 0) {
      waitingHigh = 0;
      put(WellFormed.REPLACEMENT);
      publish();
    }
  }

  private void append(char c) {
    if (waitingHigh != 0) {
      char high = waitingHigh;
      waitingHigh = 0;
      if (Character.isLowSurrogate(c)) {
        put(high);
        put(c);
        return;
      }
      put(WellFormed.REPLACEMENT);
    }
    if (Character.isHighSurrogate(c)) {
      waitingHigh = c;
    } else {
      put(Character.isLowSurrogate(c) ? WellFormed.REPLACEMENT : c);
    }
  }

  private void put(char c) {
    if (length == chars.length) {
      chars =
          Arrays.copyOf(
              chars, length * 2); // readers keep the old array, whose prefix never changes
    }
    chars[length++] = c;
  }

  private void publish() {
    said = new Said(chars, length, fragments);
  }
}
