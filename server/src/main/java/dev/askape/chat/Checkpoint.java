package dev.askape.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The store's position in the answers of a running turn: what lies beyond it is written from time
/// to time, never the whole text again. One write at a time.
final class Checkpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  private final Turn turn;
  private final ConversationStore store;
  private final TurnRun.Watcher watcher;
  private final AtomicBoolean writing = new AtomicBoolean();
  private final int[] textTo;
  private final int[] reasoningTo;

  Checkpoint(Turn turn, ConversationStore store, TurnRun.Watcher watcher) {
    this.turn = turn;
    this.store = store;
    this.watcher = watcher;
    this.textTo = new int[turn.answers().size()];
    this.reasoningTo = new int[turn.answers().size()];
  }

  /// Whether a write may begin now; then [#write()] must follow.
  boolean begin() {
    return writing.compareAndSet(false, true);
  }

  void write() {
    try {
      if (isHeld()) {
        writeNew();
      }
    } catch (StorageException e) {
      LOG.warn("turn={} checkpoint not written: {}", turn.messageId(), e.getMessage());
    } finally {
      writing.set(false);
    }
  }

  /// Whether the turn still is this process's, as far as anybody can say; if it was in doubt, that
  /// is found out.
  private boolean isHeld() {
    if (!turn.isInDoubt()) {
      return !turn.isLost();
    }
    var lease = Lease.of(store); // before it is asked, for it may run out again
    if (!stillHolds()) {
      return false;
    }
    turn.held(lease);
    watcher.changed();
    return true;
  }

  private boolean stillHolds() {
    boolean holds = store.holds(turn.sessionId(), turn.messageId(), turn.epoch());
    if (!holds) {
      watcher.lost();
    }
    return holds;
  }

  private void writeNew() {
    var parts = new ArrayList<AnswerPart>();
    var answers = turn.answers();
    for (int i = 0; i < answers.size(); i++) {
      var answer = answers.get(i);
      if (answer.ending().isEmpty()) {
        add(parts, answer, AnswerPart.Kind.TEXT, textTo[i], answer.said());
        add(parts, answer, AnswerPart.Kind.REASONING, reasoningTo[i], answer.reasoning());
      }
    }
    if (parts.isEmpty()) {
      return;
    }
    if (store.checkpoint(turn.messageId(), turn.epoch(), parts)) {
      advance(parts);
    } else {
      boolean _ = stillHolds();
    }
  }

  private static void add(
      List<AnswerPart> parts, Answer answer, AnswerPart.Kind kind, int from, Said said) {
    if (said.length() > from) {
      parts.add(new AnswerPart(answer.id(), kind, from, said.from(from)));
    }
  }

  private void advance(List<AnswerPart> parts) {
    for (int i = 0; i < turn.answers().size(); i++) {
      for (var part : parts) {
        if (part.answerId().equals(turn.answers().get(i).id())) {
          var positions = part.kind() == AnswerPart.Kind.TEXT ? textTo : reasoningTo;
          positions[i] = part.offset() + part.text().length();
        }
      }
    }
  }
}
