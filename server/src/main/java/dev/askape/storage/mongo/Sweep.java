package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.text;

import com.mongodb.MongoException;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.storage.mongo.Interruption.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says from time to time that this process lives, and ends the turns of those that do not. One
/// virtual thread, from [#start] to [#close].
final class Sweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int TURNS_AT_ONCE = 20;

  /// Until it is tried again when the lease has run out: answers wait for it.
  private static final Duration SOON = Duration.ofMillis(200);

  private final Calls calls;
  private final Presence presence;
  private final Tenure tenure;
  private final Predicate<SessionId> sweepable;
  private final Runnable prepare;
  private final Duration pause;
  private final Thread thread;
  private boolean away; // of the thread alone

  /// @param sweepable whether what runs in a session may be ended now
  Sweep(
      Calls calls,
      Presence presence,
      Tenure tenure,
      Predicate<SessionId> sweepable,
      Runnable prepare,
      Duration pause) {
    this.calls = calls;
    this.presence = presence;
    this.tenure = tenure;
    this.sweepable = sweepable;
    this.prepare = prepare;
    this.pause = pause;
    this.thread = Thread.ofVirtual().name("mongo-sweep").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      round();
      boolean held = tenure.current() != ConversationStore.NO_LEASE;
      try {
        TimeUnit.MILLISECONDS.sleep((held ? pause : SOON).toMillis());
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  // one failing round must not be the last one: without a lease nothing is told
  @SuppressWarnings("IllegalCatch")
  private void round() {
    long since = System.nanoTime();
    try {
      prepare.run();
      once();
      if (away) {
        LOG.info("dead processes are looked for again");
        away = false;
      }
    } catch (StorageException e) {
      tenure.renew(since);
      if (!away) {
        LOG.warn("no dead process can be looked for: {}", e.getMessage());
        away = true;
      }
    } catch (RuntimeException e) {
      tenure.renew(since);
      LOG.error("the sweep failed", e);
    }
  }

  /// Ends what dead processes left running.
  ///
  /// @return how many answers were ended
  int once() {
    return sweep(false);
  }

  /// At a start nothing of this node runs, whatever its earlier processes said.
  int atStart() {
    return sweep(true);
  }

  private int sweep(boolean atStart) {
    int answers = 0;
    while (true) {
      var now = beat();
      var left =
          calls.call(
              "abandoned turns not found",
              round -> {
                var alive = presence.alive(round, now);
                return Interruption.abandoned(
                    round, atStart ? presence.elsewhere(alive) : alive, TURNS_AT_ONCE);
              });
      var dead = dead(left, now, atStart);
      int turns = 0;
      for (var user : left) {
        boolean abandoned =
            dead.contains(owner(user)) && sweepable.test(TurnDocuments.session(user));
        var ended = abandoned ? end(user) : Optional.<List<Ended>>empty();
        answers += ended.map(List::size).orElse(0);
        turns += ended.isPresent() ? 1 : 0;
      }
      if (turns == 0) {
        bookOrphans(now, atStart);
        calls.call(
            "dead processes not forgotten",
            round -> {
              presence.forgetDead(round, now);
              return true;
            });
        return answers;
      }
    }
  }

  /// Says that this process lives.
  ///
  /// @return the time at MongoDB
  private Instant beat() {
    long since = System.nanoTime();
    var now = calls.call("heartbeat not written", presence::beat);
    tenure.renew(since);
    return now;
  }

  private void bookOrphans(Instant now, boolean atStart) {
    var holding = calls.call("accounts not read", Accounts::holding);
    for (var account : holding) {
      calls.call(
          "account not written",
          round -> {
            var alive = presence.alive(round, now);
            new Accounts(round).bookOrphans(account, atStart ? presence.elsewhere(alive) : alive);
            return true;
          });
    }
  }

  /// The owners of these turns without those that came to life since it was looked who lives.
  private Set<String> dead(List<Document> left, Instant now, boolean atStart) {
    return left.stream()
        .map(Sweep::owner)
        .distinct()
        .filter(owner ->
            (atStart && presence.isOfThisNode(owner))
                || !calls.call("owner not found", round -> presence.isAlive(round, owner, now)))
        .collect(Collectors.toSet());
  }

  private static String owner(Document user) {
    return text(TurnDocuments.turn(user), "owner");
  }

  /// One turn that cannot be ended must not keep the others, and the server, from their start.
  private Optional<List<Ended>> end(Document user) {
    try {
      var ended =
          calls.call(
              "abandoned turn not ended",
              round -> new Interruption(round, presence.process()).of(user));
      ended.orElse(List.of()).forEach(Sweep::log);
      return ended;
    } catch (StorageException e) {
      if (e.getCause() instanceof MongoException) {
        throw e; // it is MongoDB and not this turn
      }
      LOG.error("message={} its turn stays as it is: {}", text(user, "_id"), e.getMessage());
      return Optional.empty();
    }
  }

  private static void log(Ended answer) {
    LOG.warn(
        "errorId={} turn={} answer={} INTERRUPTED: the server stopped while it ran",
        answer.errorId(),
        answer.turn(),
        answer.answer());
  }

  @Override
  public void close() {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
