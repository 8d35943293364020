package dev.askape.localmodel;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Counts words as tokens and says the words of the last message, until `release` waiting before
/// the second one if it is told to.
final class FakeModel implements TextModel {
  final CountDownLatch release = new CountDownLatch(1);
  final AtomicInteger cancelled = new AtomicInteger();
  final AtomicInteger started = new AtomicInteger();
  final AtomicInteger said = new AtomicInteger();
  volatile boolean waits;
  volatile boolean fails;

  @Override
  public int context() {
    return 50;
  }

  @Override
  public String prompt(List<Message> messages) {
    return messages.stream()
        .map(it -> it.role() + ": " + it.content())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public int countTokens(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
  }

  @Override
  public void generate(String prompt, Sampling sampling, Predicate<String> sink) {
    started.incrementAndGet();
    if (fails) {
      throw new IllegalStateException("scripted");
    }
    var words = prompt.substring(prompt.lastIndexOf('\n') + 1).split("(?<= )", -1);
    for (int i = 0; i < Math.min(words.length, sampling.maxTokens()); i++) {
      if (i > 0 && waits) {
        await();
      }
      if (!sink.test(words[i])) {
        cancelled.incrementAndGet();
        return;
      }
      said.incrementAndGet();
    }
  }

  private void await() {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
