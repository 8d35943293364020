package dev.askape.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final Costs costs;
  private final TurnPlanner planner;
  private final TurnLimits limits;
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<MessageId, TurnRun> running = new ConcurrentHashMap<>();

  /// Posts that have found the server not draining and whose turns cannot be seen yet.
  private final AtomicInteger accepting = new AtomicInteger();

  private volatile boolean draining;
  private volatile boolean ending;

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
    this.costs = new Costs(tokens);
    var context = new ContextWindow(tokens, settings.contextTokens());
    this.planner = new TurnPlanner(models, context, tokens, settings.budgets());
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
    accepting.incrementAndGet(); // before the look at `draining`, which is set before the look here
    try {
      return draining ? refused(new Refusal.ShuttingDown()) : postRunning(session, post);
    } finally {
      accepting.decrementAndGet();
    }
  }

  private PostResult postRunning(Session session, Post post) {
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
    var runs = false;
    try {
      var result = accept(session, post, asked);
      runs = result instanceof PostResult.Accepted;
      return result;
    } catch (StoreAwayException e) {
      LOG.warn("session={} message refused: {}", session.id(), e.getMessage());
      return refused(new Refusal.Busy());
    } catch (StorageException e) {
      LOG.error("session={} message not stored: {}", session.id(), e.getMessage());
      return refused(new Refusal.NotSaved());
    } finally {
      if (!runs) {
        asked.forEach(_ -> limits.answerEnded());
        limits.turnEnded(party);
      }
    }
  }

  private PostResult accept(Session session, Post post, List<ModelId> asked) {
    var now = clock.instant();
    var kept = session.kept();
    long seq = kept.map(SessionRecord::lastSeq).orElse(0L) + 1;
    var earlier =
        new EarlierTurns(
            store, session.id(), seq, settings.contextTurns(), settings.historyChars());
    var plan = planner.plan(post.asker().party(), asked, post.content(), earlier);
    if (plan.isEmpty()) {
      return refused(new Refusal.BudgetExceeded());
    }
    var answers = answers(session, asked, now);
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
    var lease = Lease.of(store);
    return switch (store.accept(then, record, plan.get().reservation())) {
      case ConversationStore.Accepted.Repeated(var first) ->
          new PostResult.Repeated(
              Turn.of(first, post.origin(), store.durability(first.messageId())));
      case ConversationStore.Accepted.OverBudget _ -> refused(new Refusal.BudgetExceeded());
      case ConversationStore.Accepted.New _ -> {
        var turn =
            new Turn(record, answers, post.origin(), store.durability(record.messageId()), lease);
        start(session, turn, then, plan.get());
        yield new PostResult.Accepted(turn);
      }
    };
  }

  private List<Answer> answers(Session session, List<ModelId> asked, Instant now) {
    var answers = new ArrayList<Answer>();
    for (var id : asked) {
      var name = models.find(id).map(Model::name).orElseGet(() -> Model.nameOf(id));
      var answerId = new AnswerId(UUID.randomUUID().toString());
      answers.add(new Answer(answerId, id, name, answers.size(), now, session));
    }
    return answers;
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

  private void start(Session session, Turn turn, SessionRecord then, TurnPlan plan) {
    var runs =
        turn.answers().stream()
            .map(answer ->
                new AnswerRun(
                    answer,
                    plan.candidates().get(answer.place()),
                    plan.meter(),
                    settings.answerBytes(),
                    System::nanoTime))
            .toList();
    var around = new TurnRun.Surroundings(store, costs, tasks, clock, settings.storeWait());
    var run = new TurnRun(turn, runs, around, watcher(session, turn));
    running.put(turn.messageId(), run);
    session.append(then, turn);
    run.start();
    if (ending) { // the end has come since this turn was let in, and may not have met it
      run.cut(Optional.empty(), AnswerRun.Cut.INTERRUPTED);
    }
  }

  private TurnRun.Watcher watcher(Session session, Turn turn) {
    return new TurnRun.Watcher() {
      @Override
      public void answerEnded() {
        Turns.this.answerEnded(session, turn);
      }

      @Override
      public void changed() {
        session.happened();
      }

      @Override
      public void lost() {
        Turns.this.lost(session, turn);
      }
    };
  }

  /// What this process has of the session is not true any more: it ends without a word, and who
  /// comes back hears what is kept.
  private void lost(Session session, Turn turn) {
    turn.lose();
    session.posting.lock();
    try {
      if (!session.isGone()) {
        LOG.warn(
            "session={} turn={} was ended by another process, which took this one for dead",
            session.id(),
            turn.messageId());
        session.lose();
      }
    } finally {
      session.posting.unlock();
    }
    session
        .running()
        .forEach(left ->
            Optional.ofNullable(running.get(left.messageId()))
                .ifPresent(run -> run.cut(Optional.empty(), AnswerRun.Cut.LOST)));
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
    run.ifPresent(r -> r.cut(model, AnswerRun.Cut.STOPPED));
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
      ending = true;
      running.values().forEach(run -> run.cut(Optional.empty(), AnswerRun.Cut.INTERRUPTED));
      awaitNoneRunning(LAST_WORDS);
    }
  }

  private boolean awaitNoneRunning(Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    while (accepting.get() > 0 || !running.isEmpty()) { // in this order: a post is in one of them
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
