package dev.askape.provider.openai;

import dev.askape.chat.FinishReason;
import java.util.Locale;
import java.util.Optional;

/// Translates `finish_reason`.
final class FinishReasons {
  private FinishReasons() {}

  /// Empty when the word means that the model failed.
  static Optional<FinishReason> of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete" ->
          Optional.of(FinishReason.STOP);
      case "length", "max_tokens", "model_length" -> Optional.of(FinishReason.LENGTH);
      case "content_filter", "safety", "recitation", "refusal", "prohibited_content" ->
          Optional.of(FinishReason.CONTENT_FILTER);
      case "error", "abort", "insufficient_system_resource" -> Optional.empty();
      default -> Optional.of(FinishReason.OTHER);
    };
  }
}
