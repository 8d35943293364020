package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A model whose every word the test says. Each question to it becomes a [Call], which says and
/// ends what the test tells it to; the thread that asked waits meanwhile, as with a real one.
public final class ScriptedModel implements LanguageModel {
  static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  @Override
  public Outcome answer(Prompt prompt, AnswerSink sink) throws InterruptedException {
    asked.incrementAndGet();
    var call = new Call(prompt, sink);
    calls.add(call);
    return call.run();
  }

  /// How often it was asked.
  int asked() {
    return asked.get();
  }

  /// The next question to it, once it has been asked.
  public Call nextCall() {
    try {
      var call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(call).as("a question to the model").isNotNull();
      return call;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// A model that says this to everything, at once.
  static LanguageModel saying(String... fragments) {
    return (_, sink) -> {
      List.of(fragments).forEach(sink::text);
      return new Outcome.Finished(FinishReason.STOP, Optional.empty());
    };
  }

  /// One question.
  public static final class Call {
    private interface Step {
      Outcome take() throws InterruptedException;
    }

    final Prompt prompt;
    private final AnswerSink sink;
    private final BlockingQueue<Step> ends = new LinkedBlockingQueue<>();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private volatile boolean shrugsOffInterrupts;

    private Call(Prompt prompt, AnswerSink sink) {
      this.prompt = prompt;
      this.sink = sink;
    }

    private Outcome run() throws InterruptedException {
      while (true) {
        try {
          var end = ends.poll(2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
          if (end == null) { // the test has failed and forgotten this call
            return new Outcome.Failed(ErrorType.INTERNAL, "nobody ended it");
          }
          return end.take();
        } catch (InterruptedException e) {
          interrupted.countDown();
          if (!shrugsOffInterrupts) {
            throw e;
          }
        }
      }
    }

    /// Says it; false when no more is wanted.
    public boolean says(String fragment) {
      return sink.text(fragment);
    }

    public boolean thinks(String fragment) {
      return sink.thinking(fragment);
    }

    public void finishes() {
      finishes(FinishReason.STOP, Optional.empty());
    }

    void finishes(FinishReason reason, Optional<Usage> usage) {
      ends.add(() -> new Outcome.Finished(reason, usage));
    }

    void fails(ErrorType type) {
      ends.add(() -> new Outcome.Failed(type, "cause of the " + type));
    }

    void fails(ErrorType type, Usage usage) {
      ends.add(() -> new Outcome.Failed(type, "cause of the " + type, Optional.of(usage)));
    }

    void breaksBadly(Error bug) {
      ends.add(() -> {
        throw bug;
      });
    }

    void breaks(RuntimeException bug) {
      ends.add(() -> {
        throw bug;
      });
    }

    /// Finishes as if nothing had happened, with the interrupt still set on its thread.
    void finishesInterrupted() {
      ends.add(() -> {
        Thread.currentThread().interrupt();
        return new Outcome.Finished(FinishReason.STOP, Optional.empty());
      });
    }

    /// From now on it goes on when it is interrupted, as something that hangs does.
    void ignoresInterrupts() {
      shrugsOffInterrupts = true;
    }

    public void awaitInterrupted() {
      try {
        assertThat(interrupted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
