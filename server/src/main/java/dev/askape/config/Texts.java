package dev.askape.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The types of texts that have a form of their own.
final class Texts {
  static final Type<String> HOST =
      Type.text("a host name or IP address, without a port", Texts::isHost);

  static final Type<String> DATABASE =
      Type.text(
          "1 to 63 letters, digits, `_` and `-`", text -> text.matches("[A-Za-z0-9_-]{1,63}"));

  static final Type<String> ORIGIN = Type.text("an origin", Texts::isOrigin);

  static final Type<String> URL =
      Type.text("a URL (`https://api.example.org/v1`, without a user, `?` or `#`)", Texts::isUrl);

  /// `docs/protocol.md` bounds the ids that clients can ask for in the same way.
  static final Type<String> MODEL_ID =
      Type.text(
          "1 to 256 printable characters",
          text -> text.length() <= 256 && text.codePoints().noneMatch(Character::isISOControl));

  /// Empty stands for `auto`.
  static final Type<OptionalInt> NUMBER_OR_AUTO =
      Type.of(
          "a whole number from 0 to 1000000, or `auto`",
          text ->
              text.equals("auto")
                  ? Optional.of(OptionalInt.empty())
                  : Units.whole(text)
                      .filter(number -> number >= 0 && number <= 1_000_000)
                      .map(number -> OptionalInt.of(Math.toIntExact(number))),
          number -> number.isPresent() ? String.valueOf(number.getAsInt()) : "auto");

  private Texts() {}

  private static boolean isHost(String text) {
    return text.contains(":")
        ? Loopback.address(text).isPresent()
        : text.matches("[A-Za-z0-9._-]{1,253}");
  }

  private static boolean isOrigin(String text) {
    return uri(text)
        .filter(uri -> List.of("http", "https").contains(uri.getScheme()))
        .filter(uri -> uri.getHost() != null && uri.getUserInfo() == null)
        .filter(uri -> text.endsWith(uri.getRawAuthority()))
        .isPresent();
  }

  private static boolean isUrl(String text) {
    return uri(text)
        .filter(uri -> List.of("http", "https").contains(uri.getScheme()))
        .filter(uri -> uri.getHost() != null && uri.getUserInfo() == null)
        .filter(uri -> uri.getQuery() == null && uri.getFragment() == null)
        .isPresent();
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text)).filter(uri -> uri.getScheme() != null);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }
}
