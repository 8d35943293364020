package dev.askape.storage.mongo;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerRecord.Failure;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ErrorId;
import dev.askape.chat.ErrorType;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is kept of an answer with which the entry of the answers would be larger than a document
/// can be (16 MB): its beginning, and that it failed for this.
final class TooLarge {
  private static final Logger LOG = LoggerFactory.getLogger(TooLarge.class);
  private static final int KEPT_CHARACTERS = 10_000;

  private TooLarge() {}

  static AnswerRecord cut(AnswerRecord answer) {
    var errorId = ErrorId.fresh();
    LOG.error(
        "errorId={} answer={} TOO_LARGE: its turn does not fit into a document of MongoDB's",
        errorId,
        answer.id());
    return new AnswerRecord(
        answer.id(),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        answer.attempt(),
        AnswerState.FAILED,
        beginning(answer.content()),
        beginning(answer.reasoning()),
        answer.fragments(),
        Optional.of(new Failure(ErrorType.TOO_LARGE, errorId)),
        Optional.empty(),
        answer.usage(),
        answer.firstTokenMs(),
        answer.durationMs(),
        answer.createdAt(),
        answer.servedBy());
  }

  private static String beginning(String text) {
    return text.substring(0, Math.min(text.length(), KEPT_CHARACTERS));
  }
}
