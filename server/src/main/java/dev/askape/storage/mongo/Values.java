package dev.askape.storage.mongo;

import dev.askape.chat.Party;
import dev.askape.chat.StorageException;
import dev.askape.chat.WellFormed;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.types.Binary;

/// How the values of the domain stand in documents, both ways.
final class Values {
  static final String USER_KIND = "user";
  static final String GUEST_KIND = "guest";

  private Values() {}

  static String text(Document in, String field) {
    var value = in.getString(field);
    return value == null ? "" : value;
  }

  static Optional<String> optionalText(Document in, String field) {
    return Optional.ofNullable(in.getString(field));
  }

  static long number(Document in, String field) {
    return in.get(field) instanceof Number number ? number.longValue() : 0;
  }

  static OptionalLong optionalNumber(Document in, String field) {
    return in.get(field) instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  static void put(Document in, String field, OptionalLong value) {
    value.ifPresent(number -> in.append(field, number));
  }

  static void put(Document in, String field, Optional<String> value) {
    value.ifPresent(text -> in.append(field, text));
  }

  /// MongoDB's dates have milliseconds; what is finer stands beside them.
  static void put(Document in, String field, Instant instant) {
    var date = instant.truncatedTo(ChronoUnit.MILLIS);
    in.append(field, date).append(field + "Nanos", (int) ChronoUnit.NANOS.between(date, instant));
  }

  static Instant instant(Document in, String field) {
    return date(in, field).plusNanos(number(in, field + "Nanos"));
  }

  static Instant date(Document in, String field) {
    return in.get(field) instanceof Date date ? date.toInstant() : Instant.EPOCH;
  }

  /// A moment as one number that sorts as it does: nanoseconds since 1970, exact from 1677 to 2262
  /// and clamped beyond.
  static long nanos(Instant instant) {
    try {
      return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    } catch (ArithmeticException _) {
      return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E constant(Class<E> type, String name) {
    try {
      return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new StorageException("a document has no right " + type.getSimpleName(), e);
    }
  }

  /// A party in one text: users and guests are separate name spaces.
  static String key(Party party) {
    return kind(party) + "/" + party.id();
  }

  static String kind(Party party) {
    return switch (party) {
      case Party.User _ -> USER_KIND;
      case Party.Guest _ -> GUEST_KIND;
    };
  }

  /// Under the name that the contract has for it.
  static void put(Document in, Party party) {
    switch (party) {
      case Party.User(var id) -> in.append("userId", id);
      case Party.Guest(var id) -> in.append("guestId", id);
    }
  }

  static Party party(Document in) {
    return optionalText(in, "userId")
        .<Party>map(Party.User::new)
        .orElseGet(() -> new Party.Guest(text(in, "guestId")));
  }

  /// A stretch of text, which may begin or end in the middle of a surrogate pair: UTF-8, and so a
  /// text of MongoDB's, cannot say that; then it stands there as its UTF-16 code units.
  static Object stretch(String text) {
    if (WellFormed.text(text).equals(text)) {
      return text;
    }
    var units = ByteBuffer.allocate(2 * text.length());
    units.asCharBuffer().put(text);
    return new Binary(units.array());
  }

  static String stretch(Document in, String field) {
    return in.get(field) instanceof Binary units
        ? ByteBuffer.wrap(units.getData()).asCharBuffer().toString()
        : text(in, field);
  }
}
