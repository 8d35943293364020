package dev.askape.chat;

import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.TestChat.model;
import static dev.askape.chat.TestChat.user;
import static dev.askape.chat.TestChat.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many people post to a few sessions at once, with models that are slow, fail and break.
class ManyTurnsTest {
  private static final int PEOPLE = 8;
  private static final int MESSAGES = 12;

  private final MovedClock clock = new MovedClock();

  /// Says the last message back, in pieces and at leisure, or fails.
  private static LanguageModel echo(long seed) {
    return (prompt, sink) -> {
      var content = prompt.messages().getLast().content();
      var random = new Random(seed + content.hashCode());
      for (var fragment : new RandomTexts(random).fragments(content)) {
        sink.text(fragment);
        if (random.nextInt(4) == 0) {
          TimeUnit.MICROSECONDS.sleep(random.nextInt(500));
        }
      }
      return switch (random.nextInt(6)) {
        case 0 -> new Outcome.Failed(ErrorType.UNAVAILABLE, "by chance");
        case 1 -> throw new IllegalStateException("by chance");
        default -> new Outcome.Finished(FinishReason.STOP, Optional.empty());
      };
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void keepTheOrderOfSequenceNumbersAndLoseNothing(long seed) throws Exception {
    var settings = new TestSettings();
    settings.housekeeping = Duration.ofMillis(1);
    var models = new Models(List.of(model("a", echo(seed)), model("b", echo(-seed))), List.of());
    try (var _ = new Quiet("dev.askape.chat");
        var store = SqliteStore.open(SqliteSettings.memory());
        var chat = new Chat(store, models, TestChat::words, settings.build(), clock);
        var people = Executors.newVirtualThreadPerTaskExecutor()) {
      var sessions = IntStream.range(0, 3).mapToObj(i -> new SessionId("s" + i)).toList();
      List<Future<List<Turn>>> posted = new ArrayList<>();
      for (int i = 0; i < PEOPLE; i++) {
        var random = new Random(seed * 100 + i);
        posted.add(people.submit(poster(chat, sessions, random)));
      }
      var turns = new ArrayList<Turn>();
      for (var one : posted) {
        turns.addAll(one.get());
      }
      turns.forEach(TestChat::awaitOver);

      assertThat(turns).as("seed %s", seed).hasSize(PEOPLE * MESSAGES);
      for (var session : sessions) {
        var mine = turns.stream().filter(turn -> turn.sessionId().equals(session)).toList();
        check(chat, session, mine);
      }
      assertThat(chat.runningAnswers()).isZero();
    }
  }

  /// One person at several devices: whoever posts is the owner, so that all may.
  private static Callable<List<Turn>> poster(Chat chat, List<SessionId> sessions, Random random) {
    var texts = new RandomTexts(random);
    return () -> {
      var turns = new ArrayList<Turn>();
      for (int i = 0; i < MESSAGES; i++) {
        var session = sessions.get(random.nextInt(sessions.size()));
        var post = message(session, user("anna"), texts.wellFormed(20), "a", "b");
        turns.add(((PostResult.Accepted) chat.post(post)).turn());
      }
      return turns;
    };
  }

  private static void check(Chat chat, SessionId session, List<Turn> posted) {
    var kept = value(chat.history(session, user("anna"), Optional.empty(), 1_000)).turns();

    assertThat(kept.stream().map(TurnRecord::seq))
        .containsExactlyElementsOf(
            LongStream.range(0, posted.size()).mapToObj(i -> 2 * i + 1).toList());
    var inOrder = posted.stream().sorted(Comparator.comparingLong(Turn::seq)).toList();
    for (int i = 0; i < kept.size(); i++) {
      var turn = kept.get(i);
      assertThat(turn.messageId()).isEqualTo(inOrder.get(i).messageId());
      assertThat(turn.content()).isEqualTo(inOrder.get(i).content());
      assertThat(turn.running()).isFalse();
      assertThat(turn.answers())
          .allSatisfy(answer -> {
            assertThat(answer.content()).isEqualTo(turn.content());
            assertThat(answer.state()).isIn(AnswerState.COMPLETED, AnswerState.FAILED);
          });
    }
  }
}
