package dev.askape.provider.http;

import dev.askape.chat.AnswerSink;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// Keeps what a model said, and which threads said it.
public final class RecordingSink implements AnswerSink {
  public final List<String> fragments = new CopyOnWriteArrayList<>();
  public final List<String> thoughts = new CopyOnWriteArrayList<>();
  public final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  public final CountDownLatch first = new CountDownLatch(1);
  private final int wanted;

  public RecordingSink() {
    this(Integer.MAX_VALUE);
  }

  /// @param wanted after so many fragments it wants no more
  public RecordingSink(int wanted) {
    this.wanted = wanted;
  }

  @Override
  public boolean text(String fragment) {
    threads.add(Thread.currentThread());
    fragments.add(fragment);
    first.countDown();
    return fragments.size() < wanted;
  }

  @Override
  public boolean thinking(String fragment) {
    threads.add(Thread.currentThread());
    thoughts.add(fragment);
    return true;
  }

  public String said() {
    return String.join("", fragments);
  }

  public String thought() {
    return String.join("", thoughts);
  }
}
