package dev.askape.chat;

import java.time.Duration;

/// Why something was not done. Nothing was changed then.
public sealed interface Refusal {
  /// Not the asker's, or not there: the two look the same.
  record Forbidden() implements Refusal {}

  record NotFound() implements Refusal {}

  record Busy() implements Refusal {}

  record RateLimited(Duration retryAfter) implements Refusal {}

  record ShuttingDown() implements Refusal {}

  /// What the message may use at most is more than the sender's budget, or that of a turn, allows.
  record BudgetExceeded() implements Refusal {}

  /// The message names no model, and none is asked by default.
  record NoModel() implements Refusal {}

  /// Nothing could take the message: it may be sent again.
  record NotSaved() implements Refusal {}
}
