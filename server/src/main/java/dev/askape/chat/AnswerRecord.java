package dev.askape.chat;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// An answer as it is kept. While it runs the texts are what was checkpointed.
///
/// @param place the position of its model among the models of the turn, from 0
/// @param attempt 1, and one more each time the model of this place was asked again
/// @param fragments how many fragments the model streamed
/// @param error present when the answer failed or was interrupted
/// @param finishReason present when it completed or was stopped
/// @param servedBy the model that answered, if that was another one in place of `modelId`
public record AnswerRecord(
    AnswerId id,
    ModelId modelId,
    String modelName,
    int place,
    int attempt,
    AnswerState state,
    String content,
    String reasoning,
    long fragments,
    Optional<Failure> error,
    Optional<FinishReason> finishReason,
    Usage usage,
    OptionalLong firstTokenMs,
    OptionalLong durationMs,
    Instant createdAt,
    Optional<ModelId> servedBy) {
  private static final int CHARACTERS_PER_TOKEN = 4;

  /// What it has used as far as can be seen, if it broke off: its provider had no chance to say.
  public Usage seen() {
    long said = (long) content.length() + reasoning.length();
    long estimate = Math.ceilDiv(said, CHARACTERS_PER_TOKEN);
    return new Usage(
        usage.promptTokens(),
        Math.max(usage.completionTokens(), estimate),
        usage.cachedTokens(),
        usage.reasoningTokens(),
        usage.cost(),
        true);
  }

  /// The same as it was when its model was asked.
  public AnswerRecord asked() {
    return new AnswerRecord(
        id,
        modelId,
        modelName,
        place,
        attempt,
        AnswerState.WAITING,
        "",
        "",
        0,
        Optional.empty(),
        Optional.empty(),
        Usage.counted(usage.promptTokens(), 0),
        OptionalLong.empty(),
        OptionalLong.empty(),
        createdAt,
        Optional.empty());
  }

  /// The same, ended because the server stopped while it ran.
  ///
  /// @param charged what is booked for it; the record says of tokens what can be seen, of money
  ///   what was charged
  public AnswerRecord interrupted(Usage charged, String errorId) {
    var seen = seen();
    var shown =
        new Usage(
            charged.promptTokens(),
            seen.completionTokens(),
            seen.cachedTokens(),
            seen.reasoningTokens(),
            charged.cost(),
            true);
    return new AnswerRecord(
        id,
        modelId,
        modelName,
        place,
        attempt,
        AnswerState.INTERRUPTED,
        content,
        reasoning,
        fragments,
        Optional.of(new Failure(ErrorType.INTERRUPTED, errorId)),
        Optional.empty(),
        shown,
        firstTokenMs,
        durationMs,
        createdAt,
        servedBy);
  }

  /// Why an answer has no proper end; the cause is in the log under `errorId`.
  public record Failure(ErrorType type, String errorId) {}
}
