package dev.askape.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Gets one answer: asks its model, and another one in its place if that fails before its first
/// word. Runs on a virtual thread of its own; may be cut short by any thread.
final class AnswerRun {
  private final Answer answer;
  private final List<Candidate> candidates;
  private final TurnMeter meter;
  private final int maxBytes;
  private final LongSupplier nanos;
  private final long startedAt;
  private final AtomicLong firstTokenAt = new AtomicLong();
  private final List<Call> calls = new ArrayList<>(); // of the thread that runs it
  private long bytes; // written by the thread that reads the stream
  private volatile boolean tooLarge;
  private volatile Runnable onTurnOver = () -> {};

  @GuardedBy("this")
  private @Nullable Thread asking;

  @GuardedBy("this")
  private @Nullable Cut cut;

  /// Why an answer was cut short.
  enum Cut {
    /// Somebody stopped it.
    STOPPED,
    /// The server ends.
    INTERRUPTED,
    /// Another process has ended the turn, or gone on with its session.
    LOST,
    /// The budget, its own or the turn's, allows no more.
    BUDGET
  }

  /// One call to a model.
  ///
  /// @param reported what the provider says was used
  record Call(Model model, ContextWindow.Framed asked, Optional<Usage> reported) {}

  /// What became of it, before it is stored.
  ///
  /// @param cause for the log; empty when there is nothing to explain
  record Result(
      AnswerState state, Optional<ErrorType> error, Optional<FinishReason> reason, String cause) {
    static Result completed(FinishReason reason) {
      return new Result(AnswerState.COMPLETED, Optional.empty(), Optional.of(reason), "");
    }

    static Result failed(ErrorType type, String cause) {
      var state = type == ErrorType.INTERRUPTED ? AnswerState.INTERRUPTED : AnswerState.FAILED;
      return new Result(state, Optional.of(type), Optional.empty(), cause);
    }
  }

  /// @param candidates whom to ask, the second one in place of the first; none: there is no such
  ///   model
  AnswerRun(
      Answer answer,
      List<Candidate> candidates,
      TurnMeter meter,
      int maxBytes,
      LongSupplier nanos) {
    this.answer = answer;
    this.candidates = List.copyOf(candidates);
    this.meter = meter;
    this.maxBytes = maxBytes;
    this.nanos = nanos;
    this.startedAt = nanos.getAsLong();
  }

  Answer answer() {
    return answer;
  }

  /// What to do, on any thread, when the turn has used all it may.
  void onTurnOver(Runnable action) {
    onTurnOver = action;
  }

  /// Ends the call at once; the text so far stays. Does nothing when the answer is over.
  synchronized void cut(Cut why) {
    if (cut == null) {
      cut = why;
      answer.seal();
      if (asking != null) {
        asking.interrupt();
      }
    }
  }

  private synchronized Optional<Cut> cut() {
    return Optional.ofNullable(cut);
  }

  /// Asks, and blocks until the answer is over. The caller's interrupt flag is clear afterwards.
  ///
  /// @param onFallback hears why the first model failed, before the second one is asked
  Result run(Consumer<Outcome.Failed> onFallback) {
    if (candidates.isEmpty()) {
      return Result.failed(ErrorType.UNKNOWN_MODEL, "no such model");
    }
    try {
      var asked = candidates.getFirst();
      var outcome = ask(asked);
      if (outcome instanceof Outcome.Failed failed && mayFallBack(asked, failed)) {
        onFallback.accept(failed);
        asked = candidates.getLast();
        answer.serveBy(asked.model().id());
        outcome = ask(asked);
      }
      answer.seal();
      return result(asked, outcome);
    } finally {
      answer.seal();
    }
  }

  private boolean mayFallBack(Candidate asked, Outcome.Failed failed) {
    return candidates.size() > 1
        && firstTokenAt.get() == 0
        && cut().isEmpty()
        && asked.mayBeReplaced(failed.type(), candidates.getLast());
  }

  private Outcome ask(Candidate candidate) {
    var asked = candidate.prompt().get();
    try {
      return ask(candidate.model(), asked);
    } catch (InterruptedException _) {
      return new Outcome.Failed(ErrorType.INTERRUPTED, "interrupted");
    }
  }

  private Outcome ask(Model model, ContextWindow.Framed asked) throws InterruptedException {
    synchronized (this) {
      if (cut != null) {
        throw new InterruptedException();
      }
      asking = Thread.currentThread();
    }
    calls.add(new Call(model, asked, Optional.empty()));
    try {
      var outcome = model.language().answer(asked.prompt(), new Sink());
      calls.set(calls.size() - 1, new Call(model, asked, outcome.usage()));
      return outcome;
    } finally {
      synchronized (this) {
        asking = null;
        boolean _ = Thread.interrupted(); // a cut that came too late must not reach the store
      }
    }
  }

  private Result result(Candidate asked, Outcome outcome) {
    var why = cut();
    if (why.isPresent()) {
      return switch (why.get()) {
        case STOPPED ->
            new Result(
                AnswerState.STOPPED, Optional.empty(), Optional.of(FinishReason.STOPPED), "");
        case INTERRUPTED -> Result.failed(ErrorType.INTERRUPTED, "the server stops");
        case LOST -> Result.failed(ErrorType.INTERRUPTED, "another process has its session");
        case BUDGET -> Result.completed(FinishReason.BUDGET);
      };
    }
    if (tooLarge) {
      return Result.failed(ErrorType.TOO_LARGE, "answer over the limit");
    }
    return switch (outcome) {
      case Outcome.Finished(var reason, var _) ->
          Result.completed(
              reason == FinishReason.LENGTH && asked.cutByTurn() ? FinishReason.BUDGET : reason);
      case Outcome.Failed(var type, var cause, var _) -> Result.failed(type, cause);
    };
  }

  /// The calls that were made: on the thread that runs it.
  List<Call> calls() {
    return List.copyOf(calls);
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
      int length = utf8Length(fragment);
      bytes += length;
      if (bytes > maxBytes) {
        tooLarge = true;
        return false;
      }
      return answer.append(fragment, kind) && isWithinBudget(fragment, length);
    }

    private boolean isWithinBudget(String fragment, int length) {
      return switch (meter.said(answer.place(), fragment, length)) {
        case GO_ON -> true;
        case ANSWER_IS_OVER -> {
          cut(Cut.BUDGET);
          yield false;
        }
        case TURN_IS_OVER -> {
          onTurnOver.run();
          yield false;
        }
      };
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
