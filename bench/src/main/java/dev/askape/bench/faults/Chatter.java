package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// One client: sends messages in one session after another, comes back when the connection is lost,
/// and sends again what was not acknowledged. Runs on a thread of its own until it is told to stop
/// and everything it sent is over.
final class Chatter implements Runnable {
  private static final int UNDER_WAY = 3; // a session takes four turns at once
  private static final long HISTORY_MS = 20_000;
  private static final long REFUSED_PAUSE_MS = 250;

  private final String name;
  private final Crowd crowd;
  private final Random random;
  private Talk talk;
  private int talks;

  /// What one connection hears, and when its history came.
  private final class Ears implements Wire.Ear {
    private final Talk ofTalk = talk;
    private final Hearing hearing = new Hearing(ofTalk, crowd.findings());
    private final Map<String, Talk.Saved> expected = ofTalk.acknowledgements();
    private volatile boolean joined;
    private volatile boolean refused;

    @Override
    public void event(String event, JsonNode payload) {
      if (event.equals("session_history")) {
        crowd.kills().seenOver(ofTalk.settle(payload, expected));
        joined = true;
        ofTalk.changed();
      } else {
        refused |= !joined && event.equals("error");
        hearing.event(event, payload);
      }
    }

    @Override
    public void closed() {
      ofTalk.changed();
    }
  }

  Chatter(String name, Crowd crowd, long seed) {
    this.name = name;
    this.crowd = crowd;
    this.random = new Random(seed);
    this.talk = crowd.newTalk(name + "-0", name);
  }

  @Override
  public void run() {
    try {
      while (!isDone()) {
        connected();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(20, 100));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDone() {
    return crowd.isStopping() && talk.open() == 0;
  }

  /// As long as a connection lasts, or a session.
  private void connected() throws InterruptedException {
    var ears = new Ears();
    var watching = new Ears();
    try (var wire = Wire.connect(crowd.http(), crowd.port(), ears)) {
      join(wire, ears);
      if (crowd.hasWatchers()) {
        try (var watcher = Wire.connect(crowd.http(), crowd.port(), watching)) {
          join(watcher, watching);
          converse(wire, ears, watching);
        }
      } else {
        converse(wire, ears, ears);
      }
    } catch (IOException _) {
      // it comes back
    }
  }

  private void join(Wire wire, Ears ears) throws IOException, InterruptedException {
    wire.emit("join_session", payload());
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HISTORY_MS);
    while (!ears.joined) {
      if (!wire.isOpen() || ears.refused || System.nanoTime() > until) {
        TimeUnit.MILLISECONDS.sleep(REFUSED_PAUSE_MS);
        throw new IOException("no history");
      }
      talk.await(50);
    }
  }

  private void converse(Wire wire, Ears ears, Ears watching)
      throws IOException, InterruptedException {
    sendAgain(wire);
    while (wire.isOpen()) {
      boolean ending = crowd.isStopping() || talk.size() >= crowd.perSession();
      if (talk.hasRefused()) {
        TimeUnit.MILLISECONDS.sleep(REFUSED_PAUSE_MS);
        return; // what was refused is sent again on the next connection
      }
      if (ending && talk.open() == 0) {
        end(ears.hearing);
        end(watching.hearing);
        next();
        return;
      }
      if (!ending && talk.open() < UNDER_WAY) {
        send(wire, talk.send(crowd.text(random), crowd.models(random)));
      } else {
        talk.await(200);
      }
    }
  }

  /// One connection may lag behind the other.
  private void end(Hearing hearing) throws InterruptedException {
    for (int i = 0; !hearing.isQuiet() && i < 100; i++) {
      talk.await(100);
    }
    hearing.end();
  }

  private void next() {
    if (!crowd.isStopping()) {
      talk = crowd.newTalk(name + "-" + ++talks, name);
    }
  }

  private void sendAgain(Wire wire) throws IOException {
    for (var message : talk.again()) {
      send(wire, message);
    }
  }

  private void send(Wire wire, Talk.Sent message) throws IOException {
    var payload = payload().put("message", message.text()).put("clientMessageId", message.key());
    var models = payload.putArray("modelIds");
    message.models().forEach(models::add);
    wire.emit("message", payload);
  }

  private ObjectNode payload() {
    return Wire.JSON.createObjectNode().put("sessionId", talk.session()).put("userId", talk.user());
  }
}
