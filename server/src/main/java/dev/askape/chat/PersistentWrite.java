package dev.askape.chat;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes an answer's end, again and again while the store cannot take it. Blocks; used by one
/// thread.
final class PersistentWrite {
  private static final Logger LOG = LoggerFactory.getLogger(PersistentWrite.class);
  private static final int ATTEMPTS = 60;
  private static final long FIRST_PAUSE_MS = 250;
  private static final long LONGEST_PAUSE_MS = 10_000;

  private final ConversationStore store;

  PersistentWrite(ConversationStore store) {
    this.store = store;
  }

  /// What came of it.
  enum Result {
    KEPT,
    /// Somebody else has ended the turn, or its session was deleted.
    LOST,
    /// The store never took it.
    GIVEN_UP
  }

  Result endAnswer(Turn turn, AnswerRecord answer) {
    long pause = FIRST_PAUSE_MS;
    for (int attempt = 1; ; attempt++) {
      try {
        return store.endAnswer(turn.messageId(), turn.epoch(), answer) ? Result.KEPT : Result.LOST;
      } catch (StorageException e) {
        LOG.error("answer={} not stored, attempt {}: {}", answer.id(), attempt, e.getMessage());
        if (attempt == ATTEMPTS) {
          return Result.GIVEN_UP;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Result.GIVEN_UP;
      }
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}
