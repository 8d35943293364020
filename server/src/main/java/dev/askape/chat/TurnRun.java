package dev.askape.chat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A turn that runs: one virtual thread per model, none of which waits for another. Each answer is
/// stored, then told.
final class TurnRun {
  private static final Logger LOG = LoggerFactory.getLogger(TurnRun.class);

  private final Turn turn;
  private final List<AnswerRun> runs;
  private final Surroundings around;
  private final Consumer<Answer> answerEnded;
  private final Checkpoint checkpoint;

  /// What every turn needs.
  record Surroundings(
      ConversationStore store,
      TokenCounter tokens,
      ExecutorService tasks,
      InstantSource clock,
      Duration storeWait) {}

  /// @param answerEnded called after each answer, when it can be seen that it has ended
  TurnRun(Turn turn, List<AnswerRun> runs, Surroundings around, Consumer<Answer> answerEnded) {
    this.turn = turn;
    this.runs = List.copyOf(runs);
    this.around = around;
    this.answerEnded = answerEnded;
    this.checkpoint = new Checkpoint(turn, around.store());
  }

  Turn turn() {
    return turn;
  }

  void start() {
    for (var run : runs) {
      run.answer().start();
      around.tasks().execute(() -> run(run));
    }
  }

  /// Ends the answer of one model, or all of them.
  void cancel(Optional<ModelId> model, AnswerState as) {
    runs.stream()
        .filter(run -> model.map(run.answer().modelId()::equals).orElse(true))
        .forEach(run -> run.cancel(as));
  }

  /// Keeps what was said since the last time; returns at once.
  void checkpoint() {
    if (checkpoint.begin()) {
      around.tasks().execute(checkpoint::write);
    }
  }

  // the one place where a failure of ours is caught, so that an answer always ends
  @SuppressWarnings("IllegalCatch")
  private void run(AnswerRun run) {
    var answer = run.answer();
    Ending ending;
    try {
      ending = ending(run, run.run());
    } catch (RuntimeException e) {
      answer.seal();
      ending = ending(run, failed(e));
      LOG.error("errorId={}", ending.failure().map(AnswerRecord.Failure::errorId).orElse("-"), e);
    }
    answer.end(stored(answer, ending) ? ending : ending.notStored());
    if (turn.answerEnded(around.clock().instant())) {
      LOG.info("turn {}", TurnSummary.of(turn));
    }
    answerEnded.accept(answer);
  }

  private static AnswerRun.Result failed(RuntimeException e) {
    return new AnswerRun.Result(
        AnswerState.FAILED,
        Optional.of(ErrorType.INTERNAL),
        Optional.empty(),
        Optional.empty(),
        new Prompt(List.of(), ModelParameters.DEFAULTS),
        e.toString());
  }

  private Ending ending(AnswerRun run, AnswerRun.Result result) {
    var failure = result.error().map(type -> new AnswerRecord.Failure(type, ErrorId.fresh()));
    failure.ifPresent(f ->
        LOG.warn(
            "errorId={} session={} turn={} model={} {}: {}",
            f.errorId(),
            turn.sessionId(),
            turn.messageId(),
            run.answer().modelId(),
            f.type(),
            result.cause()));
    return new Ending(
        result.state(),
        failure,
        result.reason(),
        result.usage().orElseGet(() -> estimate(run.answer(), result.prompt())),
        run.firstTokenMs(),
        OptionalLong.of(run.elapsedMs()),
        true);
  }

  private Usage estimate(Answer answer, Prompt prompt) {
    long promptTokens =
        prompt.messages().stream().mapToLong(m -> around.tokens().count(m.content())).sum();
    long reasoning = around.tokens().count(answer.reasoning().whole());
    return new Usage(
        promptTokens,
        around.tokens().count(answer.said().whole()) + reasoning,
        OptionalLong.empty(),
        reasoning == 0 ? OptionalLong.empty() : OptionalLong.of(reasoning),
        Optional.empty(),
        true);
  }

  /// Stores an answer's end and waits for it, but not for ever: storing goes on by itself after
  /// that.
  private boolean stored(Answer answer, Ending ending) {
    var done = new CountDownLatch(1);
    var kept = new AtomicBoolean();
    Runnable store =
        () -> {
          kept.set(new PersistentWrite(around.store()).endAnswer(turn, answer.toRecord(ending)));
          turn.answerStored();
          done.countDown();
        };
    try {
      around.tasks().execute(store);
      return done.await(around.storeWait().toMillis(), TimeUnit.MILLISECONDS) && kept.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RejectedExecutionException _) {
      return false; // closed without a drain: the next start ends it in the store
    }
  }
}
