package dev.askape.chat;

import java.util.Optional;

/// How one call to a model ended.
public sealed interface Outcome {
  /// What the provider says was used; empty when it does not say.
  Optional<Usage> usage();

  /// The model said all it wanted to say.
  record Finished(FinishReason reason, Optional<Usage> usage) implements Outcome {}

  /// The call failed. `cause` is for the log: already redacted, never shown to a client.
  record Failed(ErrorType type, String cause, Optional<Usage> usage) implements Outcome {
    public Failed(ErrorType type, String cause) {
      this(type, cause, Optional.empty());
    }
  }
}
