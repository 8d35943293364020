package dev.askape.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Walks over the fields of one JSON object in a byte array, without making anything of them. Names
/// and values are positions; a string's are those inside its quotes. What is not well formed ends
/// the walk or gives nonsense, but never leaves the array.
final class JsonFields {
  private final byte[] bytes;
  private final int end;
  private int position;

  int nameFrom;
  int nameTo;
  int from;
  int to;

  /// @param start where the object's `{` is
  JsonFields(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.end = end;
    this.position = start + 1;
  }

  /// Moves to the next field.
  ///
  /// @return false when there is none
  boolean next() {
    while (position < end && bytes[position] != '"') {
      if (bytes[position++] == '}') {
        return false;
      }
    }
    if (position >= end) {
      return false;
    }
    nameFrom = position + 1;
    nameTo = stringEnd(nameFrom);
    from = nameTo + 2;
    if (from >= end) {
      return false;
    }
    if (bytes[from] == '"') {
      from++;
      to = stringEnd(from);
      position = to + 1;
    } else {
      to = plainEnd(from);
      position = to;
    }
    return true;
  }

  /// Just behind the object, after [#next()] was false.
  int position() {
    return position;
  }

  private int stringEnd(int start) {
    int i = start;
    while (i < end && bytes[i] != '"') {
      i += bytes[i] == '\\' ? 2 : 1;
    }
    return Math.min(i, end);
  }

  /// The end of a number, a word, an object or an array.
  private int plainEnd(int start) {
    int depth = 0;
    for (int i = start; i < end; i++) {
      switch (bytes[i]) {
        case '"' -> i = stringEnd(i + 1);
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (depth-- == 0) {
            return i;
          }
        }
        case ',' -> {
          if (depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return end;
  }

  boolean is(byte[] name) {
    return Arrays.equals(bytes, nameFrom, nameTo, name, 0, name.length);
  }

  /// The value as a whole number.
  long number() {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + (bytes[i] - '0');
    }
    return number;
  }

  /// Tells values apart, as good as surely.
  int hash() {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /// The value as it stands there, escapes and all.
  String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
