package dev.askape.bench.faults;

import dev.askape.chat.AnswerSink;

/// Halts at the first fragment.
record HaltingSink(AnswerSink inner, Halt halt) implements AnswerSink {
  @Override
  public boolean text(String fragment) {
    halt.at(Point.FIRST_FRAGMENT);
    return inner.text(fragment);
  }

  @Override
  public boolean thinking(String fragment) {
    return inner.thinking(fragment);
  }
}
