package dev.askape.standin;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Turns one request away as its script wants it: the status, the form of `Retry-After`, and what
/// is said, which may be the key that the request showed.
///
/// @param key that the request showed, empty when it showed none
record Refusing(Dialect dialect, String key) {
  private static final String TYPE = "Content-Type";
  private static final Clock CLOCK = Clock.systemUTC();

  /// What a failure says.
  String complaint(Script.Failure failure, int status) {
    var words = "scripted " + status;
    return failure.leak() ? words + "; key " + key + ", also as " + masked() + ", " + url() : words;
  }

  private String masked() {
    return key.length() < 12
        ? "***"
        : key.substring(0, 8) + "****" + key.substring(key.length() - 4);
  }

  private String url() {
    return "Authorization: Bearer " + key + " at https://api.example.com/v1?key=" + key;
  }

  /// What stands behind the status.
  String reason(Script.Failure failure, String usual) {
    return failure.leak() ? usual + " " + key : usual;
  }

  /// The headers that a leaky answer has, good or bad.
  Map<String, String> leaked(Script.Failure failure) {
    return failure.leak() ? Map.of("x-request-id", key, "request-id", key, "x-key", key) : Map.of();
  }

  void refuse(HttpExchange exchange, Script.Failure failure) {
    boolean field = failure.fault() == Fault.NO_STREAM_OPTIONS;
    int status = field ? 400 : failure.status();
    var message = field ? "Unknown field: stream_options" : plain(status);
    var words = failure.leak() ? complaint(failure, status) : message;
    var body = dialect.error(new Dialect.Refusal(status, words, retryDelay(failure)));
    var headers = new HashMap<>(HttpReply.json(status, new byte[0]).headers());
    headers.putAll(leaked(failure));
    addRetryAfter(failure.after(), headers);
    if (failure.leak()) {
      var out = exchange.stream(status, reason(failure, "No"), headers);
      out.write(JsonText.bytes(body));
      out.end();
    } else {
      exchange.reply(new HttpReply(status, headers, JsonText.bytes(body)));
    }
  }

  private static String plain(int status) {
    return status == 404 ? "The model does not exist" : "scripted " + status;
  }

  private static Optional<String> retryDelay(Script.Failure failure) {
    return failure.after().startsWith("body-")
        ? Optional.of(failure.after().substring("body-".length()) + "s")
        : Optional.empty();
  }

  private static void addRetryAfter(String after, Map<String, String> headers) {
    if (after.startsWith("ms-")) {
      headers.put("Retry-After-Ms", after.substring("ms-".length()));
    } else if (after.startsWith("date-")) {
      headers.put("Retry-After", date(Long.parseLong(after.substring("date-".length()))));
    } else if (!after.isEmpty() && !after.startsWith("body-")) {
      headers.put(
          "Retry-After",
          switch (after) {
            case "huge" -> "99999999999999999999";
            case "word" -> "soon";
            case "negative" -> "-5";
            case "past" -> date(-3_600);
            default -> after;
          });
    }
  }

  /// Dates have whole seconds: it is up to a second earlier.
  private static String date(long secondsFromNow) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.ofInstant(CLOCK.instant(), ZoneOffset.UTC).plusSeconds(secondsFromNow));
  }

  static void page(HttpExchange exchange) {
    var page =
        "<!doctype html>\n<html><head><title>Sign in</title></head><body>Hello</body></html>\n";
    exchange.reply(
        new HttpReply(200, Map.of(TYPE, "text/html; charset=utf-8"), JsonText.bytes(page)));
  }

  static void redirect(HttpExchange exchange) {
    exchange.reply(new HttpReply(307, Map.of("Location", StandInRoutes.ELSEWHERE), new byte[0]));
  }
}
