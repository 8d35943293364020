package dev.askape.bench.faults;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Makes one [Fault] after another, drawn at random, with healthy times between them, on a thread
/// of its own.
final class Nemesis implements AutoCloseable {
  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final double SHORTEST = 1;
  private static final double LONGEST = 15;
  private static final double SHORTEST_HEALTH = 1;
  private static final double LONGEST_HEALTH = 15;

  private final Database database;
  private final Random random;
  private final Thread thread;
  private final CountDownLatch ending = new CountDownLatch(1);

  @GuardedBy("this")
  private final Map<Fault, Integer> made = new EnumMap<>(Fault.class);

  private Nemesis(Database database, long seed) {
    this.database = database;
    this.random = new Random(seed);
    this.thread = Thread.ofVirtual().name("nemesis").unstarted(this::run);
  }

  static Nemesis start(Database database, long seed) {
    var nemesis = new Nemesis(database, seed);
    nemesis.thread.start();
    return nemesis;
  }

  private void run() {
    try {
      while (!hasEnded(SHORTEST_HEALTH, LONGEST_HEALTH)) {
        var fault = FAULTS.get(random.nextInt(FAULTS.size()));
        count(fault);
        fault.begin(database, random);
        boolean ended = hasEnded(SHORTEST, LONGEST);
        fault.end(database);
        if (ended) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasEnded(double min, double max) throws InterruptedException {
    long millis = Math.round(1_000 * (min + random.nextDouble() * (max - min)));
    return ending.await(millis, TimeUnit.MILLISECONDS);
  }

  private synchronized void count(Fault fault) {
    made.merge(fault, 1, Integer::sum);
  }

  /// Ends what it does, and returns when that is healed.
  @Override
  public void close() {
    ending.countDown();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many of which.
  @Override
  public synchronized String toString() {
    int all = made.values().stream().mapToInt(Integer::intValue).sum();
    return made.entrySet().stream()
        .map(one -> one.getValue() + " " + one.getKey().title())
        .collect(Collectors.joining(", ", all + " faults of MongoDB (", ")"));
  }
}
