package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.bench.faults.Findings.Kind;
import dev.askape.bench.faults.Phase.Measure;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Whether anybody notices that MongoDB hangs: the same clients with it healthy and stopped in its
/// tracks (SIGSTOP) by turns, in one run.
final class HungTrial {
  private static final int ROUNDS = 3;
  private static final long PHASE_SECONDS = 15;
  private static final long RECOVERY_SECONDS = 5; // not measured
  private static final long WARM_UP_SECONDS = 15;
  private static final long PATIENCE_MS = 300; // storage.spool.patience
  private static final long LONGEST_SECONDS = 30;
  private static final String MODEL = "fake-steady:tokens=30,first=20,rate=40";

  private final FaultOptions options;
  private final int provider;
  private final Path work;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Findings findings = new Findings();
  private final Phase healthy = new Phase();
  private final Phase hung = new Phase();
  private final AtomicReference<Phase> now = new AtomicReference<>(new Phase());
  private volatile boolean ending;

  private record Heard(long at, String name, JsonNode payload) {}

  /// Keeps what it hears, with the time.
  private record Ear(BlockingQueue<Heard> heard) implements Wire.Ear {
    Ear() {
      this(new LinkedBlockingQueue<>());
    }

    @Override
    public void event(String name, JsonNode payload) {
      heard.add(new Heard(System.nanoTime(), name, payload));
    }

    @Override
    public void closed() {
      // who waits sees it
    }

    Heard await(String name) throws IOException, InterruptedException {
      while (true) {
        var next = heard.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
          throw new IOException("no " + name);
        }
        if (next.name.equals(name)) {
          return next;
        }
        if (next.name.equals("error")) {
          throw new IOException(name + ": " + next.payload);
        }
      }
    }
  }

  HungTrial(FaultOptions options, int provider, Path work) {
    this.options = options;
    this.provider = provider;
    this.work = work;
  }

  Report run() throws IOException, InterruptedException {
    try (var database = Database.start(work);
        var server = new ServerChild(work)) {
      server.configure(database.configuration(work), provider);
      server.start();
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < options.clients(); i++) {
        int number = i;
        threads.add(Thread.ofVirtual().start(() -> untilTheEnd(() -> talk(server, number))));
      }
      threads.add(Thread.ofVirtual().start(() -> untilTheEnd(() -> visit(server))));
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      for (int round = 0; round < ROUNDS; round++) {
        measure(healthy);
        now.set(hung); // who is on the way when it stops is one of those that may have to wait
        database.server().stop();
        measure(hung);
        database.server().resume();
        TimeUnit.SECONDS.sleep(RECOVERY_SECONDS);
      }
      measure(healthy);
      ending = true;
      for (var thread : threads) {
        thread.join();
      }
      return new Report("hung", text(), findings);
    } finally {
      ending = true;
      http.shutdownNow();
    }
  }

  /// Until the next phase.
  private void measure(Phase phase) throws InterruptedException {
    now.set(phase);
    TimeUnit.SECONDS.sleep(PHASE_SECONDS);
    now.set(new Phase());
  }

  private interface Use {
    void once() throws IOException, InterruptedException;
  }

  private void untilTheEnd(Use use) {
    try {
      while (!ending) {
        use.once();
      }
    } catch (IOException e) {
      findings.add(Kind.UNENDED, "a client was not served: %s", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// One session after another, a few messages each.
  private void talk(ServerChild server, int number) throws IOException, InterruptedException {
    var ear = new Ear();
    var session = "hung-" + number + "-" + System.nanoTime();
    try (var wire = Wire.connect(http, server.port(), ear)) {
      for (int i = 0; i < 10 && !ending; i++) {
        say(wire, ear, session, "u" + number, Measure.FIRST_TOKEN);
      }
    }
  }

  /// A new session, and joining it once more from elsewhere.
  private void visit(ServerChild server) throws IOException, InterruptedException {
    var session = "visited-" + System.nanoTime();
    var ear = new Ear();
    try (var wire = Wire.connect(http, server.port(), ear)) {
      say(wire, ear, session, "visitor", Measure.NEW_SESSION);
    }
    var other = new Ear();
    try (var wire = Wire.connect(http, server.port(), other)) {
      var phase = now.get();
      long start = System.nanoTime();
      wire.emit(
          "join_session",
          Wire.JSON.createObjectNode().put("sessionId", session).put("userId", "visitor"));
      var history = other.await("session_history");
      phase.took(Measure.JOIN, history.at - start);
      if (history.payload.size() != 2) {
        findings.add(Kind.LOST, "%s: its history has %d entries", session, history.payload.size());
      }
    }
  }

  private void say(Wire wire, Ear ear, String session, String user, Measure measure)
      throws IOException, InterruptedException {
    var phase = now.get();
    var payload =
        Wire.JSON
            .createObjectNode()
            .put("sessionId", session)
            .put("userId", user)
            .put("message", "how fast?");
    payload.putArray("modelIds").add(MODEL);
    long start = System.nanoTime();
    wire.emit("message", payload);
    phase.told(ear.await("message_saved").payload.path("stored").asText());
    long last = ear.await("message_chunk").at;
    phase.took(measure, last - start);
    while (true) {
      var next = ear.heard.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new IOException("no end of an answer");
      }
      if (next.name.equals("message_chunk")) {
        now.get().took(Measure.FRAGMENT, next.at - last);
        last = next.at;
      } else if (next.name.equals("all_responses_complete")) {
        now.get().took(Measure.END, next.at - last);
        return;
      }
    }
  }

  private String text() {
    var text = new StringBuilder();
    text.append(
        "%d clients, %d times %d s healthy and %d s hung; told healthy %s, hung %s"
            .formatted(
                options.clients(),
                ROUNDS,
                PHASE_SECONDS,
                PHASE_SECONDS,
                healthy.told(),
                hung.told()));
    for (var measure : Measure.values()) {
      text.append(
          "%n  %s: healthy p50 %.1f ms, p99 %.1f ms of %d; hung p50 %.1f ms, p99 %.1f ms of %d; ratio p50 %.2f, p99 %.2f; %d ms or more: healthy %d, hung %d"
              .formatted(
                  measure.title(),
                  healthy.millis(measure, 50),
                  healthy.millis(measure, 99),
                  healthy.count(measure),
                  hung.millis(measure, 50),
                  hung.millis(measure, 99),
                  hung.count(measure),
                  hung.millis(measure, 50) / healthy.millis(measure, 50),
                  hung.millis(measure, 99) / healthy.millis(measure, 99),
                  PATIENCE_MS,
                  healthy.countFrom(measure, PATIENCE_MS),
                  hung.countFrom(measure, PATIENCE_MS)));
    }
    return text.toString();
  }
}
