package dev.askape.chat;

/// What had been said when somebody looked: a prefix of a text that only grows. Immutable.
///
/// @param length in UTF-16 code units
/// @param fragments how many of the model's fragments it contains
@SuppressWarnings("ArrayRecordComponent") // shared and never changed below `length`
public record Said(char[] chars, int length, int fragments) {
  public String from(int offset) {
    return new String(chars, offset, length - offset);
  }

  public String whole() {
    return from(0);
  }

  public char charAt(int index) {
    return chars[index];
  }

  public boolean isEmpty() {
    return length == 0;
  }

  static Said of(String text, int fragments) {
    return new Said(text.toCharArray(), text.length(), fragments);
  }
}
