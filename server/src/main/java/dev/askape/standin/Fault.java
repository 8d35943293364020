package dev.askape.standin;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can go wrong. In a script each is called by its name in lower case, with hyphens.
enum Fault {
  NONE,

  // instead of an answer
  /// A status from 400 to 599; in a script just the number.
  STATUS,
  /// Refuses requests with `stream_options`.
  NO_STREAM_OPTIONS,
  /// No response at all.
  HANG,
  /// A TCP reset in place of a response.
  RESET_BEFORE_HEAD,
  /// A redirection to [StandInRoutes#ELSEWHERE], which counts who follows it.
  REDIRECT,
  /// A web page, as a portal shows one.
  PAGE,
  /// An error whose body goes on for ever.
  ENDLESS,
  /// The same, a byte at a time.
  ENDLESS_DRIP,

  // at a place in the stream
  /// The head of the response, and nothing after it.
  HANG_AFTER_HEAD,
  /// Says no more.
  STALL,
  /// Says no more, but keeps the connection alive.
  PINGS,
  /// A TCP reset.
  RESET,
  /// Ends early.
  TRUNCATE,
  /// An error in the stream.
  ERROR,
  /// The same without the form of an event, as Ollama's OpenAI-compatible API has it.
  BARE_ERROR,
  /// An event that is no JSON.
  GARBAGE,
  /// A line of 10 MB.
  LONGLINE,
  /// Two bytes that are no UTF-8, between `<` and `>`.
  BADUTF8,

  // all along
  /// No end mark after the finish reason.
  NODONE,
  /// Every byte by itself.
  SPLIT,
  /// Every byte by itself, 50 milliseconds apart.
  DRIP,
  /// A byte order mark at the start.
  BOM,
  /// Lines end with CRLF.
  CRLF,
  /// A comment or ping before every fragment.
  COMMENTS,
  /// Calls itself plain text.
  TYPE;

  /// What scripts call it.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Empty when there is no such fault; for a number see [#STATUS].
  static Optional<Fault> named(String word) {
    if (word.matches("[45][0-9]{2}") || word.equals("refuse")) {
      return Optional.of(STATUS);
    }
    if (word.equals("400-stream-options")) {
      return Optional.of(NO_STREAM_OPTIONS);
    }
    return Arrays.stream(values())
        .filter(fault -> fault != STATUS && fault != NO_STREAM_OPTIONS)
        .filter(fault -> fault.word().equals(word))
        .findFirst();
  }
}
