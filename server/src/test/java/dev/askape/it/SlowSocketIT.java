package dev.askape.it;

import static dev.askape.it.ChatClient.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.it.RawWebSocket.Event;
import dev.askape.standin.StandInText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client that stops reading while three answers of 900 kB each are streamed to it.
@Timeout(120)
class SlowSocketIT {
  private static final List<String> MODELS =
      List.of("x", "y", "z").stream()
          .map(name -> "fake-" + name + ":tokens=9000,chars=100,first=0,rate=0")
          .toList();
  private static final String USER = "somebody";
  private static final int LIMIT = 64 * 1024;
  private static final int RECEIVE_BUFFER = 32 * 1024; // of which Linux makes twice as much

  @TempDir private Path folder;
  private final String session = UUID.randomUUID().toString();

  @Test
  void costsLittleHoldsNobodyUpAndCatchesUpInOneChunkPerAnswer() throws Exception {
    try (var server = TestServer.start(folder);
        var slow = new RawWebSocket(server.uri(), RECEIVE_BUFFER);
        var neighbour = ChatClient.connect(server.uri())) {
      slow.emit("join_session", ids(session, USER));
      upTo("session_history", slow);
      neighbour.answerTo("join_session", ids(session, USER).put("stream", "delta"));

      // From here on the slow one does not read.
      long mostHeld;
      try (var watch = new Watch(server)) {
        neighbour.say(session, USER, "Tell me everything.", MODELS.toArray(String[]::new));
        neighbour.await("all_responses_complete");
        mostHeld = watch.most();
      }
      assertThat(mostHeld).as("held by the server for both sockets").isLessThan(2 * LIMIT);
      for (var model : MODELS) {
        var complete =
            neighbour.await(
                0, "model_streaming_complete", e -> e.path("modelId").asText().equals(model));
        assertThat(complete.path("content").asText()).isEqualTo(StandInText.answer(model));
      }

      // Only the slow one is owed anything now.
      long held = Held.byServer(server.server());
      var heldByLinux = Held.byLinux(server.server().port(), slow.port());
      assertThat(held).as("held by the server").isPositive();
      assertThat(held + heldByLinux.orElse(0))
          .as("held, with Linux's %s", heldByLinux)
          .isLessThan(LIMIT);

      verifyCatchUp(upTo("all_responses_complete", slow), heldByLinux.isPresent());
    }
  }

  private static List<Event> upTo(String last, RawWebSocket socket) throws IOException {
    var events = new ArrayList<Event>();
    do {
      events.add(socket.next());
    } while (!events.getLast().name().equals(last));
    return events;
  }

  private static void verifyCatchUp(List<Event> events, boolean linux) {
    var texts = new HashMap<String, String>();
    var chunks = events.stream().filter(event -> event.name().equals("message_chunk")).toList();
    for (var chunk : chunks) {
      var before = texts.getOrDefault(modelOf(chunk), "");
      var full = chunk.payload().path("fullContent").asText();
      assertThat(full).isEqualTo(before + chunk.payload().path("chunk").asText());
      texts.put(modelOf(chunk), full);
    }
    for (var model : MODELS) {
      assertThat(texts.get(model)).isEqualTo(StandInText.answer(model));
    }

    // One chunk of each answer catches up; what came before had been under way, but for one frame
    // within what the two ends may hold.
    int catchingUp = MODELS.stream().mapToInt(model -> lastOf(model, chunks)).min().orElseThrow();
    var earlier = chunks.subList(0, catchingUp);
    assertThat(chunks.subList(catchingUp, chunks.size()))
        .extracting(SlowSocketIT::modelOf)
        .containsExactlyInAnyOrderElementsOf(MODELS);
    if (linux) {
      int sum = earlier.stream().mapToInt(Event::bytes).sum();
      int largest = earlier.stream().mapToInt(Event::bytes).max().orElse(0);
      assertThat(sum - largest).isLessThan(LIMIT + 2 * RECEIVE_BUFFER);
    }
  }

  private static String modelOf(Event event) {
    return event.payload().path("modelId").asText();
  }

  private static int lastOf(String model, List<Event> chunks) {
    return IntStream.range(0, chunks.size())
        .filter(at -> modelOf(chunks.get(at)).equals(model))
        .max()
        .orElseThrow(() -> new AssertionError("no chunk of " + model));
  }

  /// Looks all the time at how much is held.
  private static final class Watch implements AutoCloseable {
    private final AtomicLong most = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread;

    Watch(TestServer server) {
      thread =
          Thread.startVirtualThread(() -> {
            while (!ended.get()) {
              most.accumulateAndGet(Held.byServer(server.server()), Math::max);
              LockSupport.parkNanos(100_000);
            }
          });
    }

    long most() {
      return most.get();
    }

    @Override
    public void close() {
      ended.set(true);
      Patience.until("the last look", () -> !thread.isAlive());
    }
  }
}
