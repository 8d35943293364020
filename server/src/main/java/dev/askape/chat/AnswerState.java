package dev.askape.chat;

/// The states of an answer. The last four are terminal; an answer reaches exactly one of them,
/// once.
public enum AnswerState {
  WAITING,
  THINKING,
  WRITING,
  COMPLETED,
  FAILED,
  STOPPED,
  INTERRUPTED;

  public boolean isTerminal() {
    return compareTo(COMPLETED) >= 0;
  }
}
