package dev.askape.chat;

import java.util.Optional;
import java.util.OptionalLong;

/// How an answer ended.
///
/// @param failure present when it failed or was interrupted
/// @param finishReason present when it completed or was stopped
/// @param stored false when the store had not confirmed it in time; storing goes on
public record Ending(
    AnswerState state,
    Optional<AnswerRecord.Failure> failure,
    Optional<FinishReason> finishReason,
    Usage usage,
    OptionalLong firstTokenMs,
    OptionalLong durationMs,
    boolean stored) {
  Ending notStored() {
    return new Ending(state, failure, finishReason, usage, firstTokenMs, durationMs, false);
  }
}
