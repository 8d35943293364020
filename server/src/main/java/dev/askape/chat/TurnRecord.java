package dev.askape.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One user message and the answers to it, as kept: one document, so that an accepted message is
/// never without the intent to answer it.
///
/// @param seq the position of the USER entry in its session; its AI entry has `seq + 1`
/// @param userMessageId the id of the USER entry
/// @param messageId the id of the AI entry, by which events name the turn
/// @param tokens an estimate of the tokens of `content`
/// @param epoch rises when another owner takes the turn over; writes of an older epoch are refused
/// @param running whether an answer of it has not ended
/// @param answers the newest answer of each place, in the order of the models
public record TurnRecord(
    SessionId sessionId,
    long seq,
    MessageId userMessageId,
    MessageId messageId,
    Party sender,
    Optional<ClientMessageId> clientMessageId,
    String content,
    long tokens,
    Instant createdAt,
    long epoch,
    boolean running,
    List<AnswerRecord> answers) {
  public TurnRecord {
    answers = List.copyOf(answers);
  }

  /// The same turn at another moment, with its answers as they were then.
  public TurnRecord withAnswers(List<AnswerRecord> others, boolean stillRunning) {
    return new TurnRecord(
        sessionId,
        seq,
        userMessageId,
        messageId,
        sender,
        clientMessageId,
        content,
        tokens,
        createdAt,
        epoch,
        stillRunning,
        others);
  }
}
