package dev.askape.identity;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The form of the ids that clients choose, and fresh ones for guests.
public final class Ids {
  private static final int LONGEST = 128;
  private static final int RANDOM_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /// Whether it is 1–128 of `A-Za-z0-9._:@-`.
  public static boolean isValid(String id) {
    return !id.isEmpty() && id.length() <= LONGEST && id.chars().allMatch(Ids::isAllowed);
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._:@-".indexOf(c) >= 0;
  }

  /// An id for a guest who has none: `guest_` and 128 random bits.
  public static String freshGuest() {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return "guest_" + HexFormat.of().formatHex(bytes);
  }
}
