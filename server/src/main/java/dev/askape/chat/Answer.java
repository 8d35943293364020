package dev.askape.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What one model says in one turn: an append-only text, its reasoning, and in the end how it
/// ended.
///
/// Written by one run; read by anybody, at any time, without a lock. What a reader sees only moves
/// forward: not started, started, more text, ended.
public final class Answer {
  private static final Usage NO_USAGE = Usage.counted(0, 0);

  private final AnswerId id;
  private final ModelId modelId;
  private final String modelName;
  private final int place;
  private final int attempt;
  private final Instant createdAt;
  private final Watcher watcher;
  private final GrowingText text = new GrowingText();
  private final GrowingText reasoning = new GrowingText();

  @GuardedBy("this")
  private boolean sealed;

  private volatile boolean started;
  private volatile @Nullable ModelId servedBy;
  private volatile @Nullable Said restoredText;
  private volatile @Nullable Said restoredReasoning;
  private volatile @Nullable Ending ending;

  /// Hears of each change, from the thread that made it.
  interface Watcher {
    /// It was started, said its first words, or ended.
    void happened();

    /// It said more.
    void grown();

    Watcher NOBODY =
        new Watcher() {
          @Override
          public void happened() {}

          @Override
          public void grown() {}
        };
  }

  Answer(
      AnswerId id,
      ModelId modelId,
      String modelName,
      int place,
      Instant createdAt,
      Watcher watcher) {
    this(id, modelId, modelName, place, 1, createdAt, watcher);
  }

  private Answer(
      AnswerId id,
      ModelId modelId,
      String modelName,
      int place,
      int attempt,
      Instant createdAt,
      Watcher watcher) {
    this.id = id;
    this.modelId = modelId;
    this.modelName = modelName;
    this.place = place;
    this.attempt = attempt;
    this.createdAt = createdAt;
    this.watcher = watcher;
  }

  /// An answer that is over, as it was kept.
  static Answer of(AnswerRecord record) {
    var answer =
        new Answer(
            record.id(),
            record.modelId(),
            record.modelName(),
            record.place(),
            record.attempt(),
            record.createdAt(),
            Watcher.NOBODY);
    // a text that a crash cut off came in at least one fragment
    int fragments = Math.toIntExact(record.fragments());
    answer.restoredText =
        Said.of(record.content(), record.content().isEmpty() ? fragments : Math.max(1, fragments));
    answer.restoredReasoning = Said.of(record.reasoning(), 0);
    answer.started = true;
    answer.servedBy = record.servedBy().orElse(null);
    answer.ending =
        new Ending(
            record.state().isTerminal() ? record.state() : AnswerState.INTERRUPTED,
            record.error(),
            record.finishReason(),
            record.usage(),
            record.firstTokenMs(),
            record.durationMs(),
            true);
    return answer;
  }

  public AnswerId id() {
    return id;
  }

  public ModelId modelId() {
    return modelId;
  }

  int place() {
    return place;
  }

  public String modelName() {
    return modelName;
  }

  /// The model that answers, if that is another one in place of [#modelId()].
  public Optional<ModelId> servedBy() {
    return Optional.ofNullable(servedBy);
  }

  /// Another model answers in place of the one that was asked for.
  void serveBy(ModelId other) {
    servedBy = other;
  }

  /// Whether it was admitted: viewers hear of it from then on.
  public boolean isStarted() {
    return started;
  }

  public Said said() {
    var restored = restoredText;
    return restored != null ? restored : text.said();
  }

  public Said reasoning() {
    var restored = restoredReasoning;
    return restored != null ? restored : reasoning.said();
  }

  /// Present once it is over; texts do not change any more then.
  public Optional<Ending> ending() {
    return Optional.ofNullable(ending);
  }

  public AnswerState state() {
    var over = ending;
    if (over != null) {
      return over.state();
    }
    if (!said().isEmpty()) {
      return AnswerState.WRITING;
    }
    return reasoning().isEmpty() ? AnswerState.WAITING : AnswerState.THINKING;
  }

  void start() {
    started = true;
    watcher.happened();
  }

  /// Appends a fragment; false when the answer takes no more.
  boolean append(String fragment, AnswerPart.Kind kind) {
    boolean first;
    synchronized (
        this) { // one thread reads a stream; the monitor only keeps it from writing on after the
      // end
      if (sealed) {
        return false;
      }
      var growing =
          switch (kind) {
            case TEXT -> text;
            case REASONING -> reasoning;
          };
      first = growing.said().isEmpty();
      growing.append(fragment);
    }
    if (first) {
      watcher.happened();
    } else {
      watcher.grown();
    }
    return true;
  }

  /// Takes no more text from now on.
  synchronized void seal() {
    if (!sealed) {
      sealed = true;
      text.end();
      reasoning.end();
    }
  }

  /// Says how it ended; to be called once, after [#seal()].
  void end(Ending ending) {
    this.ending = ending;
    watcher.happened();
  }

  /// The answer as it is now; its state is that of `how` when given.
  AnswerRecord toRecord(@Nullable Ending how) {
    return new AnswerRecord(
        id,
        modelId,
        modelName,
        place,
        attempt,
        how == null ? state() : how.state(),
        said().whole(),
        reasoning().whole(),
        said().fragments(),
        how == null ? Optional.empty() : how.failure(),
        how == null ? Optional.empty() : how.finishReason(),
        how == null ? NO_USAGE : how.usage(),
        how == null ? OptionalLong.empty() : how.firstTokenMs(),
        how == null ? OptionalLong.empty() : how.durationMs(),
        createdAt,
        servedBy());
  }

  public AnswerRecord toRecord() {
    return toRecord(ending);
  }
}
