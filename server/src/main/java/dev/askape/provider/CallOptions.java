package dev.askape.provider;

import java.util.Optional;
import java.util.OptionalInt;

/// What is configured for one model and matters when it is asked.
///
/// @param timeouts instead of the provider's; its `connect` counts only as far as it is shorter
/// @param contextWindow in tokens, for servers that have to be told
public record CallOptions(Optional<Timeouts> timeouts, OptionalInt contextWindow) {
  /// As the provider does it.
  public static final CallOptions DEFAULTS = new CallOptions(Optional.empty(), OptionalInt.empty());

  public CallOptions withTimeouts(Timeouts changed) {
    return new CallOptions(Optional.of(changed), contextWindow);
  }

  public CallOptions withContextWindow(OptionalInt changed) {
    return new CallOptions(timeouts, changed);
  }
}
