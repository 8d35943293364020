package dev.askape.provider.http;

import dev.askape.provider.Attempt;

/// How one request ended.
sealed interface CallEnd {
  /// It was answered, or failed for good. The cause of a failure is not yet redacted.
  record Ended(Attempt attempt) implements CallEnd {}

  /// The server refused it before the first word; it may be sent again in another form.
  record Refused(Refusal refusal) implements CallEnd {}

  /// The one who asked does not want it any more.
  record Cancelled() implements CallEnd {}
}
