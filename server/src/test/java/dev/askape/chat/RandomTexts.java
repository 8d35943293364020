package dev.askape.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Texts with everything in them that can go wrong: quotes, control characters, two- and three-byte
/// characters, pairs, and on demand lone surrogates. The same seed gives the same texts.
public final class RandomTexts {
  private static final String[] PIECES = {
    "a",
    "Hello ",
    "\"",
    "\\",
    "\n",
    "\r",
    "\t",
    "\u0000",
    "\u001f",
    "\u007f",
    "é",
    "ß",
    "漢字",
    "\u2028",
    "\uffff",
    "😀",
    "👩‍👩‍👧",
    "</script>",
    "\\u0041",
    " ",
    "x".repeat(40)
  };

  private final Random random;

  public RandomTexts(Random random) {
    this.random = random;
  }

  /// A well-formed text of up to so many pieces, at least one.
  public String wellFormed(int pieces) {
    var text = new StringBuilder();
    for (int i = random.nextInt(pieces); i >= 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /// Any code units, with many halves of pairs.
  String anything(int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          switch (random.nextInt(4)) {
            case 0 -> (char) (0xD800 + random.nextInt(0x400));
            case 1 -> (char) (0xDC00 + random.nextInt(0x400));
            case 2 -> (char) random.nextInt(0x10000);
            default -> (char) ('a' + random.nextInt(26));
          });
    }
    return text.toString();
  }

  /// The text in pieces that are not empty, cut anywhere, also within pairs.
  public List<String> fragments(String text) {
    var fragments = new ArrayList<String>();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(7));
      fragments.add(text.substring(at, end));
      at = end;
    }
    return fragments;
  }
}
