package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.HandSession;
import dev.askape.chat.RandomTexts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens in a session, and whenever a socket takes more, a client that follows the rules
/// of the contract ends up with exactly what was said.
class ViewerPropertyTest {
  private static final Duration MERGE = Duration.ofMillis(25);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  /// A viewer with its socket, and the client at its other end.
  private record Watched(Viewer viewer, FakeSocket socket, StrictClient client) {}

  @ParameterizedTest
  @MethodSource("seeds")
  void givesEveryClientTheWholeTruth(long seed) {
    var random = new Random(seed);
    var texts = new RandomTexts(random);
    try (var viewers = new Viewers(MERGE)) {
      var watched = new ArrayList<Watched>();
      var running = new ArrayList<HandSession.HandTurn>();
      var all = new ArrayList<HandSession.HandTurn>();
      long now = System.nanoTime();
      join(viewers, watched, random, all.size());
      for (int step = 0; step < 300; step++) {
        now += random.nextInt(10_000_000);
        switch (random.nextInt(12)) {
          case 0 -> {
            var turn = viewers.hand.post(texts.wellFormed(5), "maker/a", "b");
            running.add(turn);
            all.add(turn);
          }
          case 1 -> {
            if (watched.size() < 4) {
              join(viewers, watched, random, all.size());
            }
          }
          case 2, 3 -> {
            for (var one : watched) {
              one.socket().takesOnly(random.nextInt(4));
            }
          }
          case 4 -> {
            for (var one : watched) {
              one.socket().takesEverything();
              one.viewer().drain(now);
            }
          }
          case 5 -> {
            for (var one : watched) {
              one.viewer().beat(now);
            }
          }
          default -> speak(running, random, texts);
        }
        if (random.nextInt(3) > 0) {
          viewers.run();
        }
      }
      finish(viewers, watched, running);

      for (var one : watched) {
        one.client().hears(one.socket().sent());
        one.client().knows(all, one.socket());
      }
    }
  }

  private static void join(Viewers viewers, List<Watched> watched, Random random, int turns) {
    var mode = random.nextBoolean() ? StreamMode.FULL : StreamMode.DELTA;
    var socket = new FakeSocket();
    var running = viewers.hand.session().turnsFrom(0).stream().filter(t -> !t.isOver()).count();
    var viewer = viewers.joined(socket, mode);
    watched.add(new Watched(viewer, socket, new StrictClient(mode, turns, (int) running)));
  }

  /// Moves one answer of one turn a step forward.
  private static void speak(List<HandSession.HandTurn> running, Random random, RandomTexts texts) {
    if (running.isEmpty()) {
      return;
    }
    var turn = running.get(random.nextInt(running.size()));
    int i = random.nextInt(2);
    var answer = turn.answer(i);
    if (!answer.isStarted()) {
      turn.starts(i);
    } else if (answer.ending().isEmpty()) {
      switch (random.nextInt(8)) {
        case 0 -> turn.completes(i);
        case 1 -> turn.fails(i, ErrorType.UNAVAILABLE);
        case 2 -> turn.thinks(i, texts.wellFormed(4));
        default -> texts.fragments(texts.wellFormed(6)).forEach(part -> turn.says(i, part));
      }
    }
    if (turn.turn().isOver()) {
      running.remove(turn);
    }
  }

  private static void finish(
      Viewers viewers, List<Watched> watched, List<HandSession.HandTurn> running) {
    for (var turn : running) {
      for (int i = 0; i < 2; i++) {
        if (!turn.answer(i).isStarted()) {
          turn.starts(i);
        }
        if (turn.answer(i).ending().isEmpty()) {
          turn.completes(i);
        }
      }
    }
    viewers.run();
    for (var one : watched) {
      assertThat(one.socket().sentUnasked()).isZero();
      one.socket().takesEverything();
      one.viewer().drain(System.nanoTime() + Duration.ofDays(1).toNanos());
    }
  }

  /// A client that checks every rule that there is about what it hears.
  private static final class StrictClient {
    private final StreamMode mode;
    private final int turnsBefore;
    private final int runningBefore;
    private final Map<String, StringBuilder> texts = new HashMap<>();
    private final Map<String, StringBuilder> thoughts = new HashMap<>();
    private final Map<String, Integer> chunkIndexes = new HashMap<>();
    private final Set<String> announced = new HashSet<>();
    private final Set<String> started = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private final List<String> messages = new ArrayList<>();

    StrictClient(StreamMode mode, int turnsBefore, int runningBefore) {
      this.mode = mode;
      this.turnsBefore = turnsBefore;
      this.runningBefore = runningBefore;
    }

    void hears(List<Sent> events) {
      events.forEach(this::hears);
    }

    private void hears(Sent sent) {
      switch (sent.event()) {
        case "user_message" -> messages.add(sent.text("messageId"));
        case "streaming_started" -> {
          var turn = sent.text("messageId");
          assertThat(announced.add(turn)).as("announced once").isTrue();
          assertThat(messages.contains(turn) || announced.size() <= runningBefore)
              .as("after its message")
              .isTrue();
        }
        case "model_streaming_start" -> {
          assertThat(announced).contains(sent.text("messageId"));
          assertThat(started.add(sent.text("id"))).as("started once").isTrue();
        }
        case "message_chunk" -> chunk(sent);
        case "model_thinking" -> {
          var thought = thoughts.computeIfAbsent(open(sent), _ -> new StringBuilder());
          assertThat(sent.number("offset")).isEqualTo(thought.length());
          thought.append(sent.text("chunk"));
        }
        case "model_streaming_complete", "model_error" -> {
          assertThat(sent.text("content")).isEqualTo(text(open(sent)));
          assertThat(sent.number("chunkCount"))
              .isEqualTo(chunkIndexes.getOrDefault(sent.text("id"), 0));
          ended.add(sent.text("id"));
        }
        case "all_responses_complete" -> {
          assertThat(done.add(sent.text("messageId"))).as("complete once").isTrue();
          for (var outcome : sent.payload().get("outcomes")) {
            assertThat(ended).contains(outcome.get("id").textValue());
          }
        }
        default -> throw new AssertionError("unexpected " + sent);
      }
    }

    private String text(String answer) {
      return texts.getOrDefault(answer, new StringBuilder()).toString();
    }

    /// The answer, which must have started and not ended.
    private String open(Sent sent) {
      var id = sent.text("id");
      assertThat(started).contains(id);
      assertThat(ended).doesNotContain(id);
      return id;
    }

    private void chunk(Sent sent) {
      var id = open(sent);
      var text = texts.computeIfAbsent(id, _ -> new StringBuilder());
      if (mode == StreamMode.DELTA) {
        assertThat(sent.number("offset")).isEqualTo(text.length());
        assertThat(sent.payload()).hasSize(4);
      }
      assertThat(sent.text("chunk")).isNotEmpty();
      text.append(sent.text("chunk"));
      if (mode == StreamMode.FULL) {
        assertThat(sent.text("fullContent")).isEqualTo(text.toString());
      }
      assertThat(sent.number("chunkIndex")).isGreaterThan(chunkIndexes.getOrDefault(id, 0));
      chunkIndexes.put(id, sent.number("chunkIndex"));
    }

    /// It has heard all of every turn that ran or came after it joined, and of no other.
    void knows(List<HandSession.HandTurn> all, FakeSocket socket) {
      assertThat(messages)
          .containsExactlyElementsOf(
              all.stream().skip(turnsBefore).map(t -> t.turn().messageId().value()).toList());
      assertThat(done).isEqualTo(announced).hasSize(all.size() - turnsBefore + runningBefore);
      for (var turn : all) {
        if (done.contains(turn.turn().messageId().value())) {
          for (var answer : turn.turn().answers()) {
            assertThat(text(answer.id().value())).isEqualTo(answer.said().whole());
            assertThat(thoughts.getOrDefault(answer.id().value(), new StringBuilder()))
                .hasToString(answer.reasoning().whole());
          }
        }
      }
      assertThat(socket.isClosed()).isFalse();
    }
  }
}
