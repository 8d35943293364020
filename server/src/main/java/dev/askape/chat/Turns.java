package dev.askape.chat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts messages and runs their turns. Safe for any thread.
final class Turns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
  private static final int TITLE_CHARACTERS = 50;
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final ConversationStore store;
  private final Models models;
  private final TokenCounter tokens;
  private final ChatSettings settings;
  private final InstantSource clock;
  private final ContextWindow context;
  private final TurnLimits limits;
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<MessageId, TurnRun> running = new ConcurrentHashMap<>();
  private volatile boolean draining;

  Turns(
      ConversationStore store,
      Models models,
      TokenCounter tokens,
      ChatSettings settings,
      InstantSource clock) {
    this.store = store;
    this.models = models;
    this.tokens = tokens;
    this.settings = settings;
    this.clock = clock;
    this.context = new ContextWindow(tokens, settings.contextTokens());
    this.limits = new TurnLimits(settings, System::nanoTime);
  }

  /// Accepts a message of somebody who may reach the session.
  PostResult post(Session session, Post post) {
    session.posting.lock();
    try {
      if (session.isGone()) {
        return refused(new Refusal.Busy());
      }
      var first = findRepeated(session, post);
      return first.isPresent() ? new PostResult.Repeated(first.get()) : postNew(session, post);
    } finally {
      session.posting.unlock();
    }
  }

  private Optional<Turn> findRepeated(Session session, Post post) {
    return post.clientMessageId()
        .flatMap(id ->
            post.asker().parties().stream()
                .flatMap(sender -> findRepeated(session, sender, id, post.origin()).stream())
                .findFirst());
  }

  private Optional<Turn> findRepeated(
      Session session, Party sender, ClientMessageId id, Object origin) {
    var live = session.findTurn(sender, id);
    if (live.isPresent() || session.kept().isEmpty()) {
      return live;
    }
    return store
        .findByClientMessageId(session.id(), sender, id)
        .map(turn -> Turn.of(turn, origin, store.durability(turn.messageId())));
  }

  private PostResult postNew(Session session, Post post) {
    if (draining) {
      return refused(new Refusal.ShuttingDown());
    }
    if (session.running().size() >= settings.turnsPerSession()) {
      return refused(new Refusal.Busy());
    }
    var asked = post.models();
    if (asked.isEmpty()) {
      asked = models.defaults().stream().map(Model::id).toList();
    }
    if (asked.isEmpty()) {
      return refused(new Refusal.NoModel());
    }
    var party = post.asker().party();
    var limited = limits.begin(party, asked.size());
    if (limited.isPresent()) {
      return refused(limited.get());
    }
    try {
      return accept(session, post, asked);
    } catch (StoreAwayException e) {
      LOG.warn("session={} message refused: {}", session.id(), e.getMessage());
      asked.forEach(_ -> limits.answerEnded());
      limits.turnEnded(party);
      return refused(new Refusal.Busy());
    } catch (StorageException e) {
      LOG.error("session={} message not stored: {}", session.id(), e.getMessage());
      asked.forEach(_ -> limits.answerEnded());
      limits.turnEnded(party);
      return refused(new Refusal.NotSaved());
    }
  }

  private PostResult accept(Session session, Post post, List<ModelId> asked) {
    var now = clock.instant();
    var kept = session.kept();
    long seq = kept.map(SessionRecord::lastSeq).orElse(0L) + 1;
    var answers = new java.util.ArrayList<Answer>();
    for (var id : asked) {
      var name = models.find(id).map(Model::name).orElseGet(() -> Model.nameOf(id));
      var answerId = new AnswerId(UUID.randomUUID().toString());
      answers.add(new Answer(answerId, id, name, answers.size(), now, session));
    }
    var record =
        new TurnRecord(
            session.id(),
            seq,
            newMessageId(),
            newMessageId(),
            post.asker().party(),
            post.clientMessageId(),
            post.content(),
            tokens.count(post.content()),
            now,
            1,
            true,
            answers.stream().map(Answer::toRecord).toList());
    var then = after(kept, session, record);
    if (store.accept(then, record) instanceof ConversationStore.Accepted.Repeated(var first)) {
      answers.forEach(_ -> limits.answerEnded());
      limits.turnEnded(record.sender());
      return new PostResult.Repeated(
          Turn.of(first, post.origin(), store.durability(first.messageId())));
    }
    var turn = new Turn(record, answers, post.origin(), store.durability(record.messageId()));
    start(session, turn, then);
    return new PostResult.Accepted(turn);
  }

  /// The session once the turn is in it.
  private static SessionRecord after(
      Optional<SessionRecord> kept, Session session, TurnRecord turn) {
    return new SessionRecord(
        session.id(),
        session.owner().orElse(turn.sender()),
        kept.map(SessionRecord::participants).orElse(List.of()),
        kept.map(SessionRecord::title)
            .orElseGet(() -> WellFormed.cut(turn.content(), TITLE_CHARACTERS)),
        kept.map(SessionRecord::messageCount).orElse(0L) + 2,
        turn.seq() + 1,
        kept.map(SessionRecord::createdAt).orElse(turn.createdAt()),
        turn.createdAt());
  }

  private void start(Session session, Turn turn, SessionRecord then) {
    var earlier =
        new EarlierTurns(
            store, session.id(), turn.seq(), settings.contextTurns(), settings.historyChars());
    var runs =
        turn.answers().stream()
            .map(answer -> {
              var model = models.find(answer.modelId());
              return new AnswerRun(
                  answer,
                  model,
                  () -> context.prompt(model.orElseThrow(), earlier.get(), turn.content()),
                  settings.answerBytes(),
                  System::nanoTime);
            })
            .toList();
    var around = new TurnRun.Surroundings(store, tokens, tasks, clock, settings.storeWait());
    var run = new TurnRun(turn, runs, around, _ -> answerEnded(session, turn));
    running.put(turn.messageId(), run);
    session.append(then, turn);
    run.start();
  }

  private void answerEnded(Session session, Turn turn) {
    limits.answerEnded();
    if (turn.isOver() && running.remove(turn.messageId()) != null) {
      limits.turnEnded(turn.sender());
    }
    session.happened();
  }

  private static PostResult refused(Refusal why) {
    return new PostResult.Refused(why);
  }

  private static MessageId newMessageId() {
    return new MessageId(UUID.randomUUID().toString());
  }

  /// Stops answers of a turn of the session, if it runs.
  Optional<Turn> stop(Session session, MessageId turn, Optional<ModelId> model) {
    var run = session.findTurn(turn).flatMap(t -> Optional.ofNullable(running.get(t.messageId())));
    run.ifPresent(r -> r.cancel(model, AnswerState.STOPPED));
    return run.map(TurnRun::turn);
  }

  void checkpoint() {
    running.values().forEach(TurnRun::checkpoint);
  }

  int runningAnswers() {
    return limits.runningAnswers();
  }

  void drain(Duration grace) {
    draining = true;
    if (!awaitNoneRunning(grace)) {
      running.values().forEach(run -> run.cancel(Optional.empty(), AnswerState.INTERRUPTED));
      awaitNoneRunning(LAST_WORDS);
    }
  }

  private boolean awaitNoneRunning(Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    while (!running.isEmpty()) {
      if (System.nanoTime() >= until) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    draining = true;
    tasks.shutdownNow();
    tasks.close();
  }
}
