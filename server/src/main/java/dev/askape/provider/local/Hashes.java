package dev.askape.provider.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of files.
final class Hashes {
  private static final int PIECE = 1 << 18;

  private Hashes() {}

  /// In lower-case hexadecimal; reads the whole file.
  static String sha256(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var digest = MessageDigest.getInstance("SHA-256");
      var piece = new byte[PIECE];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        digest.update(piece, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  static boolean matches(Path file, long bytes, String sha256) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == bytes && sha256(file).equals(sha256);
  }
}
