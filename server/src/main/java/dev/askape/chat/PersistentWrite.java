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

  /// Whether the store has it at last; false when somebody else owns the turn, it was deleted, or
  /// the store never took it
  boolean endAnswer(Turn turn, AnswerRecord answer) {
    long pause = FIRST_PAUSE_MS;
    for (int attempt = 1; ; attempt++) {
      try {
        return store.endAnswer(turn.messageId(), turn.epoch(), answer);
      } catch (StorageException e) {
        LOG.error("answer={} not stored, attempt {}: {}", answer.id(), attempt, e.getMessage());
        if (attempt == ATTEMPTS) {
          return false;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}
