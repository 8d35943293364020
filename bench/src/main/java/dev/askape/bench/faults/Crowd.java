package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.bench.faults.Findings.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// All clients of a trial, and what they know. Safe for any thread.
final class Crowd implements AutoCloseable {
  private static final int READERS = 4;
  private static final int SESSIONS_PER_SOCKET = 30; // the server allows 32, and events at a rate

  private final Load load;
  private final int port;
  private final Kills kills;
  private final String run;
  private final Findings findings = new Findings();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<Talk> talks = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /// @param run makes the sessions' ids differ from those of other trials
  Crowd(Load load, int port, Kills kills, String run) {
    this.load = load;
    this.port = port;
    this.kills = kills;
    this.run = run;
  }

  void start(Random random) {
    for (int i = 0; i < load.clients(); i++) {
      var chatter = new Chatter(run + "-" + i, this, random.nextLong());
      threads.add(Thread.ofVirtual().start(chatter));
    }
  }

  Talk newTalk(String session, String user) {
    var talk = new Talk(session, user, findings);
    talks.add(talk);
    return talk;
  }

  HttpClient http() {
    return http;
  }

  int port() {
    return port;
  }

  Kills kills() {
    return kills;
  }

  Findings findings() {
    return findings;
  }

  boolean isStopping() {
    return stopping;
  }

  boolean hasWatchers() {
    return load.watchers();
  }

  int perSession() {
    return load.perSession();
  }

  List<String> models(Random random) {
    return load.models(random);
  }

  String text(Random random) {
    return load.text(random);
  }

  long acknowledged() {
    return talks.stream().mapToLong(Talk::acknowledged).sum();
  }

  /// How often what was told: where something is stored, and why something was refused.
  Map<String, Integer> counts() {
    var counts = new TreeMap<String, Integer>();
    for (var talk : talks) {
      talk.counts().forEach((what, times) -> counts.merge(what, times, Integer::sum));
    }
    return counts;
  }

  Collection<Talk> talks() {
    return List.copyOf(talks);
  }

  int sessions() {
    return talks.size();
  }

  boolean hasRefusals() {
    return talks.stream().anyMatch(Talk::hasRefused);
  }

  /// Nobody sends anything new; waits until all that was sent is over.
  void finish(Duration most) throws InterruptedException {
    stopping = true;
    long until = System.nanoTime() + most.toNanos();
    for (var thread : threads) {
      if (!thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
        thread.interrupt();
      }
    }
    for (var talk : talks) {
      if (talk.open() > 0) {
        findings.add(
            Kind.UNENDED, "%s: %d messages did not end in time", talk.session(), talk.open());
      }
    }
  }

  /// Fresh clients read every session, and compare.
  void readEverything() throws InterruptedException {
    BlockingQueue<Talk> unread = new ArrayBlockingQueue<>(Math.max(1, talks.size()), false, talks);
    var readers = new ArrayList<Thread>();
    for (int i = 0; i < READERS; i++) {
      readers.add(Thread.ofVirtual().start(() -> read(unread)));
    }
    for (var reader : readers) {
      reader.join();
    }
    if (!unread.isEmpty()) {
      findings.add(Kind.LOST, "%d sessions could not be read", unread.size());
    }
  }

  private void read(BlockingQueue<Talk> unread) {
    try {
      while (!unread.isEmpty()) {
        readSome(unread);
      }
    } catch (IOException e) {
      findings.add(Kind.LOST, "a reader lost its connection: %s", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void readSome(BlockingQueue<Talk> unread) throws IOException, InterruptedException {
    BlockingQueue<JsonNode> histories = new ArrayBlockingQueue<>(SESSIONS_PER_SOCKET);
    try (var wire = Wire.connect(http, port, new HistoryEar(histories))) {
      for (int i = 0; i < SESSIONS_PER_SOCKET; i++) {
        var talk = unread.poll();
        if (talk == null) {
          return;
        }
        wire.emit(
            "join_session",
            Wire.JSON
                .createObjectNode()
                .put("sessionId", talk.session())
                .put("userId", talk.user()));
        var history = histories.poll(30, TimeUnit.SECONDS);
        if (history == null) {
          throw new IOException("no history of " + talk.session());
        }
        talk.check(history);
      }
    }
  }

  private record HistoryEar(Queue<JsonNode> histories) implements Wire.Ear {
    @Override
    public void event(String name, JsonNode payload) {
      if (name.equals("session_history")) {
        histories.add(payload);
      }
    }

    @Override
    public void closed() {
      // who waits for a history waits in vain
    }
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
    http.shutdownNow();
  }
}
