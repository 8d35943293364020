package dev.askape.chat;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Names for what went wrong: the client gets the name, the log has the cause under it.
public final class ErrorId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private ErrorId() {}

  /// A new one: `e_` and 16 hexadecimal digits.
  public static String fresh() {
    return "e_" + HexFormat.of().toHexDigits(RANDOM.nextLong());
  }
}
