package dev.askape.provider.http;

import dev.askape.chat.Prompt;
import java.util.Optional;

/// The form of a request for an answer. Servers that speak the same dialect may still want it
/// differently; what they refuse shows how. Immutable.
public interface RequestForm {
  /// After the base URL, with the query.
  String path();

  /// JSON in UTF-8.
  byte[] body(Prompt prompt);

  /// What to send instead after this refusal, which happens only because the form was wrong and so
  /// is not another try; empty when the form was not the reason. Never one that was refused before.
  default Optional<RequestForm> after(Refusal refusal) {
    return Optional.empty();
  }
}
