package dev.askape.web;

import dev.askape.identity.Ids;
import java.time.DateTimeException;
import java.time.Instant;

/// Reads what stands in a URL.
final class Query {
  private Query() {}

  static String id(String name, String text) {
    if (!Ids.isValid(text)) {
      throw new BadRequest(name + " must be 1 to 128 of A-Z a-z 0-9 . _ : @ -");
    }
    return text;
  }

  static Instant instant(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException _) {
      throw new BadRequest(name + " must be a date in ISO 8601, such as 2026-01-31T12:00:00Z");
    }
  }

  /// A whole number from 1, at most `most`; a larger one counts as that.
  static int number(String name, String text, int most) {
    if (!text.matches("[0-9]{1,9}") || text.matches("0+")) {
      throw new BadRequest(name + " must be a whole number from 1");
    }
    return Math.min(Integer.parseInt(text), most);
  }
}
