package dev.askape.chat;

/// What an answer said since its last checkpoint.
///
/// @param offset the length (UTF-16 code units) of the answer, or of its reasoning, before this
///   part
public record AnswerPart(AnswerId answerId, Kind kind, int offset, String text) {
  /// Which of an answer's two texts a part belongs to.
  public enum Kind {
    TEXT,
    REASONING
  }
}
