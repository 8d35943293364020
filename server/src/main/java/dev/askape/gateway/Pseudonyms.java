package dev.askape.gateway;

import dev.askape.identity.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names for guests that tell one from another but not who they are: they change with each start of
/// the server.
final class Pseudonyms {
  private static final int DIGITS = 12;
  private static final String SALT = Ids.freshGuest();

  private Pseudonyms() {}

  static String of(String guestId) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest((SALT + guestId).getBytes(StandardCharsets.UTF_8));
      return "guest:" + HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
