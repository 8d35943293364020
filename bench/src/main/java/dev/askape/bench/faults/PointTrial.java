package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.bench.faults.Findings.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Halts a server at each [Point], again and again, and looks at the next start what is kept of the
/// turn. Each process is the one that is looked at and then the one that is halted.
final class PointTrial {
  private static final List<String> MODELS =
      List.of("fake-one:tokens=45,first=20,rate=30", "fake-two:tokens=70,first=20,rate=40");
  private static final List<String> SHORT_MODELS =
      List.of("fake-one:tokens=4,first=10,rate=100", "fake-two:tokens=20,first=10,rate=100");
  private static final String USER = "somebody";
  private static final long PATIENCE_SECONDS = 30;

  private final FaultOptions options;
  private final int provider;
  private final Path work;
  private final Findings findings = new Findings();
  private final HttpClient http = HttpClient.newHttpClient();
  private int halted;
  private int held;

  /// A turn that a server was halted in.
  private record Turn(Point point, Talk talk) {}

  PointTrial(FaultOptions options, int provider, Path work) {
    this.options = options;
    this.provider = provider;
    this.work = work;
  }

  Report run() throws IOException, InterruptedException {
    if (!options.usesMongo()) {
      return run(options.storeIn(work));
    }
    try (var database = Database.start(work)) {
      return run(database.configuration(work));
    }
  }

  private Report run(String store) throws IOException, InterruptedException {
    try (var server = new ServerChild(work)) {
      server.configure(store, provider);
      for (var point : Point.values()) {
        server.run(List.of(HaltingServer.class.getName(), point.name()));
        var last = new Turn(point, new Talk("none", USER, findings));
        for (int i = 0; i <= options.times(); i++) {
          server.start();
          if (i > 0) {
            look(server, last);
          }
          if (i < options.times()) {
            last = new Turn(point, new Talk(point + "-" + i, USER, findings));
            halt(server, last);
          }
        }
        server.kill();
        Faults.say("%s: %d halts so far, %d held; %s", point.title(), halted, held, findings);
      }
    }
    http.shutdownNow();
    return new Report(
        "crash points",
        "%d points, %d halts, invariants held after %d of %d"
            .formatted(
                Point.values().length, halted, held, Point.values().length * options.times()),
        findings);
  }

  private void halt(ServerChild server, Turn turn) throws IOException, InterruptedException {
    var hearing = new Hearing(turn.talk(), findings);
    var ear = new TurnEar(hearing);
    try (var wire = Wire.connect(http, server.port(), ear)) {
      say(wire, turn.talk(), turn.talk().send("halts", models(turn.point())));
      if (turn.point() == Point.DRAIN
          && ear.chunk().poll(PATIENCE_SECONDS, TimeUnit.SECONDS) != null) {
        server.terminate();
      }
      int code = server.awaitExit(PATIENCE_SECONDS);
      if (code == Halt.CODE) {
        halted++;
      } else {
        findings.add(Kind.UNENDED, "%s: not halted, exit code %d", turn.point(), code);
        server.kill();
      }
      ear.gone().poll(PATIENCE_SECONDS, TimeUnit.SECONDS); // what it said before is heard by then
    }
  }

  private static List<String> models(Point point) {
    return switch (point) {
      case BEFORE_CHECKPOINT, AFTER_CHECKPOINT, DRAIN -> MODELS;
      default -> SHORT_MODELS;
    };
  }

  private static void say(Wire wire, Talk talk, Talk.Sent message) throws IOException {
    var payload =
        Wire.JSON
            .createObjectNode()
            .put("sessionId", talk.session())
            .put("userId", talk.user())
            .put("message", message.text())
            .put("clientMessageId", message.key());
    var models = payload.putArray("modelIds");
    message.models().forEach(models::add);
    wire.emit("message", payload);
  }

  private void look(ServerChild server, Turn turn) throws IOException, InterruptedException {
    var ear = new TurnEar(new Hearing(turn.talk(), findings));
    try (var wire = Wire.connect(http, server.port(), ear)) {
      long before = total();
      var history = history(wire, ear, turn.talk());
      turn.talk().settle(history, turn.talk().acknowledgements());
      turn.talk().check(history);
      checkKept(turn.point(), turn.talk().session(), history);
      if (turn.point() != Point.BEFORE_ACCEPT) { // where it would halt again
        sayAgain(wire, turn.talk());
        turn.talk().check(history(wire, ear, turn.talk()));
      }
      held += total() == before ? 1 : 0;
    }
  }

  private JsonNode history(Wire wire, TurnEar ear, Talk talk)
      throws IOException, InterruptedException {
    wire.emit(
        "join_session",
        Wire.JSON.createObjectNode().put("sessionId", talk.session()).put("userId", talk.user()));
    var history = ear.histories().poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (history == null) {
      findings.add(Kind.LOST, "%s: no history", talk.session());
    }
    return history == null ? Wire.JSON.createArrayNode() : history;
  }

  /// Who was not told sends again, and hears of the turn that is kept.
  private void sayAgain(Wire wire, Talk talk) throws IOException, InterruptedException {
    for (var message : talk.again()) {
      say(wire, talk, message);
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (talk.open() > 0 && System.nanoTime() < until) {
      talk.await(100);
    }
    if (talk.open() > 0) {
      findings.add(Kind.UNENDED, "%s: sent again, and no end is told", talk.session());
    }
  }

  private long total() {
    long total = 0;
    for (var kind : Kind.values()) {
      total += findings.count(kind);
    }
    return total;
  }

  /// What must be kept, whatever was told.
  private void checkKept(Point point, String session, JsonNode history) {
    boolean stored = point != Point.BEFORE_ACCEPT;
    if (stored == history.isEmpty()) {
      findings.add(Kind.LOST, "%s: %d entries are kept", session, history.size());
      return;
    }
    int completed = 0;
    int characters = 0;
    for (var answer : history.path(1).path("aiResponses")) {
      completed += answer.path("state").asText().equals("completed") ? 1 : 0;
      characters += answer.path("content").asText().length();
    }
    var expected =
        switch (point) {
          case BEFORE_TURN_END -> completed == 2;
          case AFTER_END -> completed >= 1;
          case AFTER_CHECKPOINT -> characters > 0;
          default -> completed == 0;
        };
    if (!expected) {
      findings.add(
          Kind.LOST, "%s: %d answers completed, %d characters", session, completed, characters);
    }
  }

  private record TurnEar(
      Hearing hearing,
      BlockingQueue<JsonNode> histories,
      BlockingQueue<Boolean> chunk,
      BlockingQueue<Boolean> gone)
      implements Wire.Ear {
    TurnEar(Hearing hearing) {
      this(
          hearing,
          new LinkedBlockingQueue<>(),
          new LinkedBlockingQueue<>(),
          new LinkedBlockingQueue<>());
    }

    @Override
    public void event(String name, JsonNode payload) {
      if (name.equals("session_history")) {
        histories.add(payload);
        return;
      }
      hearing.event(name, payload);
      if (name.equals("message_chunk")) {
        chunk.add(true);
      }
    }

    @Override
    public void closed() {
      gone.add(true);
    }
  }
}
