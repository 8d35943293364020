package dev.askape.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks one model once: from the prompt to how it ended. Runs on a virtual thread of its own; may
/// be cancelled by any thread.
final class AnswerRun {
  private final Answer answer;
  private final Optional<Model> model;
  private final Supplier<Prompt> prompt;
  private final int maxBytes;
  private final LongSupplier nanos;
  private final long startedAt;
  private final AtomicLong firstTokenAt = new AtomicLong();
  private long bytes; // written by the thread that reads the stream
  private volatile boolean tooLarge;

  @GuardedBy("this")
  private @Nullable Thread asking;

  @GuardedBy("this")
  private @Nullable AnswerState cancelled;

  /// What became of it, before it is stored.
  ///
  /// @param cause for the log; empty when there is nothing to explain
  record Result(
      AnswerState state,
      Optional<ErrorType> error,
      Optional<FinishReason> reason,
      Optional<Usage> usage,
      Prompt prompt,
      String cause) {}

  AnswerRun(
      Answer answer,
      Optional<Model> model,
      Supplier<Prompt> prompt,
      int maxBytes,
      LongSupplier nanos) {
    this.answer = answer;
    this.model = model;
    this.prompt = prompt;
    this.maxBytes = maxBytes;
    this.nanos = nanos;
    this.startedAt = nanos.getAsLong();
  }

  Answer answer() {
    return answer;
  }

  /// Ends the call at once; the text so far stays. Does nothing when the answer is over.
  ///
  /// @param as [AnswerState#STOPPED] or [AnswerState#INTERRUPTED]
  synchronized void cancel(AnswerState as) {
    if (cancelled == null) {
      cancelled = as;
      answer.seal();
      if (asking != null) {
        asking.interrupt();
      }
    }
  }

  private synchronized Optional<AnswerState> cancelled() {
    return Optional.ofNullable(cancelled);
  }

  /// Asks, and blocks until the answer is over. The caller's interrupt flag is clear afterwards.
  Result run() {
    if (model.isEmpty()) {
      return failed(ErrorType.UNKNOWN_MODEL, "no such model", Optional.empty(), nothing());
    }
    var asked = prompt.get();
    Outcome outcome;
    try {
      outcome = ask(model.get(), asked);
    } catch (InterruptedException e) {
      outcome = new Outcome.Failed(ErrorType.INTERRUPTED, "interrupted");
    } finally {
      answer.seal();
    }
    return result(outcome, asked);
  }

  private Outcome ask(Model model, Prompt asked) throws InterruptedException {
    synchronized (this) {
      if (cancelled != null) {
        throw new InterruptedException();
      }
      asking = Thread.currentThread();
    }
    try {
      return model.language().answer(asked, new Sink());
    } finally {
      synchronized (this) {
        asking = null;
        boolean _ = Thread.interrupted(); // a cancel that came too late must not reach the store
      }
    }
  }

  private Result result(Outcome outcome, Prompt asked) {
    var cancelledAs = cancelled();
    if (cancelledAs.isPresent()) {
      var state = cancelledAs.get();
      return state == AnswerState.STOPPED
          ? new Result(
              state,
              Optional.empty(),
              Optional.of(FinishReason.STOPPED),
              Optional.empty(),
              asked,
              "")
          : new Result(
              state,
              Optional.of(ErrorType.INTERRUPTED),
              Optional.empty(),
              Optional.empty(),
              asked,
              "the server stops");
    }
    if (tooLarge) {
      return failed(ErrorType.TOO_LARGE, "answer over the limit", Optional.empty(), asked);
    }
    return switch (outcome) {
      case Outcome.Finished(var reason, var usage) ->
          new Result(
              AnswerState.COMPLETED, Optional.empty(), Optional.of(reason), usage, asked, "");
      case Outcome.Failed(var type, var cause, var usage) -> failed(type, cause, usage, asked);
    };
  }

  private static Result failed(ErrorType type, String cause, Optional<Usage> usage, Prompt asked) {
    var state = type == ErrorType.INTERRUPTED ? AnswerState.INTERRUPTED : AnswerState.FAILED;
    return new Result(state, Optional.of(type), Optional.empty(), usage, asked, cause);
  }

  private static Prompt nothing() {
    return new Prompt(List.of(), ModelParameters.DEFAULTS);
  }

  /// From the start to the first fragment; absent when there was none.
  OptionalLong firstTokenMs() {
    long at = firstTokenAt.get();
    return at == 0 ? OptionalLong.empty() : OptionalLong.of((at - startedAt) / 1_000_000);
  }

  long elapsedMs() {
    return (nanos.getAsLong() - startedAt) / 1_000_000;
  }

  private final class Sink implements AnswerSink {
    @Override
    public boolean text(String fragment) {
      return append(fragment, AnswerPart.Kind.TEXT);
    }

    @Override
    public boolean thinking(String fragment) {
      return append(fragment, AnswerPart.Kind.REASONING);
    }

    private boolean append(String fragment, AnswerPart.Kind kind) {
      if (tooLarge) {
        return false;
      }
      if (firstTokenAt.get() == 0) {
        firstTokenAt.compareAndSet(0, nanos.getAsLong() | 1);
      }
      bytes += utf8Length(fragment);
      if (bytes > maxBytes) {
        tooLarge = true;
        return false;
      }
      return answer.append(fragment, kind);
    }

    /// In UTF-8; half a pair counts two of the four bytes of the whole.
    private static int utf8Length(String text) {
      int length = text.length();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
      }
      return length;
    }
  }
}
