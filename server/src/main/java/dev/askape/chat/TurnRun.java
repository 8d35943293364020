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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A turn that runs: one virtual thread per model, none of which waits for another. Each answer is
/// stored, then told.
final class TurnRun {
  private static final Logger LOG = LoggerFactory.getLogger(TurnRun.class);

  private final Turn turn;
  private final List<AnswerRun> runs;
  private final Surroundings around;
  private final Watcher watcher;
  private final Checkpoint checkpoint;

  /// What every turn needs.
  record Surroundings(
      ConversationStore store,
      Costs costs,
      ExecutorService tasks,
      InstantSource clock,
      Duration storeWait) {}

  /// Hears what becomes of it, on any thread.
  interface Watcher {
    /// One more answer has ended, and that can be seen.
    void answerEnded();

    /// More of it may be told than before.
    void changed();

    /// Another process has ended it, or its session was deleted.
    void lost();
  }

  TurnRun(Turn turn, List<AnswerRun> runs, Surroundings around, Watcher watcher) {
    this.turn = turn;
    this.runs = List.copyOf(runs);
    this.around = around;
    this.watcher = watcher;
    this.checkpoint = new Checkpoint(turn, around.store(), watcher);
    runs.forEach(run -> run.onTurnOver(() -> cut(Optional.empty(), AnswerRun.Cut.BUDGET)));
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
  void cut(Optional<ModelId> model, AnswerRun.Cut why) {
    runs.stream()
        .filter(run -> model.map(run.answer().modelId()::equals).orElse(true))
        .forEach(run -> run.cut(why));
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
    Ending ending;
    var bug = Optional.<Error>empty();
    try {
      ending = ending(run, run.run(failed -> logFallback(run, failed)));
    } catch (RuntimeException e) {
      ending = broken(run, e);
    } catch (Error e) {
      ending = broken(run, e);
      bug = Optional.of(e);
    }
    end(run.answer(), ending);
    if (bug.isPresent()) {
      throw bug.get();
    }
  }

  private Ending broken(AnswerRun run, Throwable bug) {
    var ending = ending(run, AnswerRun.Result.failed(ErrorType.INTERNAL, bug.toString()));
    LOG.error("errorId={}", errorId(ending), bug);
    return ending;
  }

  private void end(Answer answer, Ending ending) {
    answer.end(stored(answer, ending) ? ending : ending.notStored());
    if (turn.answerEnded(around.clock().instant())) {
      LOG.info("turn {}", TurnSummary.of(turn));
    }
    watcher.answerEnded();
  }

  private static String errorId(Ending ending) {
    return ending.failure().map(AnswerRecord.Failure::errorId).orElse("-");
  }

  private void logFallback(AnswerRun run, Outcome.Failed failed) {
    log(run, ErrorId.fresh(), failed.type(), failed.cause() + "; its fallback is asked");
  }

  private void log(AnswerRun run, String errorId, ErrorType type, String cause) {
    LOG.warn(
        "errorId={} session={} turn={} model={} {}: {}",
        errorId,
        turn.sessionId(),
        turn.messageId(),
        run.answer().servedBy().orElse(run.answer().modelId()),
        type,
        cause);
  }

  private Ending ending(AnswerRun run, AnswerRun.Result result) {
    var failure = result.error().map(type -> new AnswerRecord.Failure(type, ErrorId.fresh()));
    failure.ifPresent(f -> log(run, f.errorId(), f.type(), result.cause()));
    return new Ending(
        result.state(),
        failure,
        result.reason(),
        around.costs().of(run.calls(), result, run.answer()),
        run.firstTokenMs(),
        OptionalLong.of(run.elapsedMs()),
        true);
  }

  /// Stores an answer's end and waits for it, but not for ever: storing goes on by itself after
  /// that.
  private boolean stored(Answer answer, Ending ending) {
    var done = new CountDownLatch(1);
    var kept = new AtomicBoolean();
    Runnable store =
        () -> {
          switch (new PersistentWrite(around.store()).endAnswer(turn, answer.toRecord(ending))) {
            case KEPT -> kept.set(true);
            case LOST -> watcher.lost();
            case GIVEN_UP -> LOG.error("answer={} was never stored", answer.id());
          }
          turn.answerStored();
          done.countDown();
          watcher.changed();
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
