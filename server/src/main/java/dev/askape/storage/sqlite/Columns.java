package dev.askape.storage.sqlite;

import dev.askape.chat.Money;
import dev.askape.chat.Party;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How the values of the domain stand in columns, both ways.
final class Columns {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final String USER = "USER";

  /// The kind of a guest.
  static final String GUEST = "GUEST";

  private Columns() {}

  static String kind(Party party) {
    return switch (party) {
      case Party.User _ -> USER;
      case Party.Guest _ -> GUEST;
    };
  }

  static Party party(String kind, String id) {
    return switch (kind) {
      case USER -> new Party.User(id);
      case GUEST -> new Party.Guest(id);
      default -> throw new IllegalArgumentException("unknown kind of party " + kind);
    };
  }

  /// Nanoseconds since 1970, exact from 1677 to 2262 and clamped beyond.
  static long nanos(Instant instant) {
    var nanos =
        BigInteger.valueOf(instant.getEpochSecond())
            .multiply(BigInteger.valueOf(NANOS_PER_SECOND))
            .add(BigInteger.valueOf(instant.getNano()));
    return nanos
        .max(BigInteger.valueOf(Long.MIN_VALUE))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValue();
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  /// A text for a TEXT column, which holds UTF-8: a lone surrogate, which UTF-8 cannot say, becomes
  /// U+FFFD. (The driver would make a `?` of it.)
  static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return withoutLoneSurrogates(text, i);
      }
    }
    return text;
  }

  private static String withoutLoneSurrogates(String text, int from) {
    var clean = new StringBuilder(text.length()).append(text, 0, from);
    text.substring(from)
        .codePoints()
        .map(point -> isLoneSurrogate(point) ? '\uFFFD' : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isLoneSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  /// A text for a BLOB column, as its UTF-16 code units: a checkpoint may cut a surrogate pair in
  /// two, and both halves have to come back.
  static byte[] units(String text) {
    var bytes = ByteBuffer.allocate(2 * text.length());
    bytes.asCharBuffer().put(text);
    return bytes.array();
  }

  static String fromUnits(byte[] units) {
    return ByteBuffer.wrap(units).asCharBuffer().toString();
  }

  static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static Optional<Money> optionalMoney(ResultSet row, String column) throws SQLException {
    var value = optionalLong(row, column);
    return value.isPresent() ? Optional.of(new Money(value.getAsLong())) : Optional.empty();
  }

  static Optional<String> optionalText(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }
}
