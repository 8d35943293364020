package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.S;
import static dev.askape.chat.TestChat.refusal;
import static dev.askape.chat.TestChat.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pages of what was said: whole turns, counted in entries.
class ChatHistoryTest {
  @AutoClose private final TestChat test = new TestChat("a");
  private final List<Turn> turns = new ArrayList<>();

  @BeforeEach
  void saySomething() {
    for (int i = 1; i <= 5; i++) {
      turns.add(test.said(ANNA, "q" + i, "a", "a" + i));
    }
  }

  private HistoryPage page(Optional<MessageId> before, int limit) {
    return value(test.chat.history(S, ANNA, before, limit));
  }

  private static List<String> contents(HistoryPage page) {
    return page.turns().stream().map(TurnRecord::content).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "1, q5, true",
    "2, q5, true",
    "3, q4 q5, true",
    "4, q4 q5, true",
    "9, q1 q2 q3 q4 q5, false",
    "10, q1 q2 q3 q4 q5, false",
    "100, q1 q2 q3 q4 q5, false",
  })
  void bringsTheNewestOldestFirstAndNeverHalfATurn(int limit, String expected, boolean hasMore) {
    var page = page(Optional.empty(), limit);

    assertThat(contents(page)).containsExactly(expected.split(" "));
    assertThat(page.hasMore()).isEqualTo(hasMore);
  }

  @Test
  void leavesOutWhatDoesNotFitIntoMemory() {
    try (var limited = new TestChat(s -> s.historyChars = 8, "a")) {
      for (int i = 1; i <= 20; i++) {
        limited.said(ANNA, "q" + i, "a", "a" + i);
      }

      // each of the newest takes six of the eight characters; the one that goes beyond is the last
      var page = value(limited.chat.history(S, ANNA, Optional.empty(), 100));
      assertThat(contents(page)).containsExactly("q19", "q20");
      assertThat(page.hasMore()).isTrue();

      limited.post(ANNA, "now", "a");
      assertThat(limited.model("a").nextCall().prompt.messages())
          .extracting(Prompt.Message::content)
          .containsExactly("q19", "a19", "q20", "a20", "now");
    }
  }

  @Test
  void readsAnyNumberOfTurnsInTheirOrder() {
    for (int i = 6; i <= 33; i++) {
      turns.add(test.said(ANNA, "q" + i, "a", "a" + i));
    }
    for (int limit = 1; limit <= 34; limit++) {
      var page = page(Optional.empty(), 2 * limit);
      assertThat(page.turns())
          .extracting(TurnRecord::messageId)
          .containsExactlyElementsOf(
              turns.subList(Math.max(0, 33 - limit), 33).stream().map(Turn::messageId).toList());
      assertThat(page.hasMore()).isEqualTo(limit < 33);
    }
  }

  @Test
  void goesBackFromAnEntryWhicheverOfItsTurn() {
    var pivot = turns.get(3);

    for (var id : List.of(pivot.userMessageId(), pivot.messageId())) {
      var page = page(Optional.of(id), 4);
      assertThat(contents(page)).containsExactly("q2", "q3");
      assertThat(page.hasMore()).isTrue();
    }
  }

  @Test
  void endsAtTheFirstEntry() {
    var page = page(Optional.of(turns.getFirst().userMessageId()), 4);

    assertThat(page.turns()).isEmpty();
    assertThat(page.hasMore()).isFalse();
  }

  @Test
  void findsNothingBeforeAnEntryThatIsNotThere() {
    assertThat(refusal(test.chat.history(S, ANNA, Optional.of(new MessageId("no")), 4)))
        .isEqualTo(new Refusal.NotFound());
  }

  @Test
  void doesNotFindAnEntryOfAnotherSession() {
    var other = new SessionId("other");
    test.chat.join(other, ANNA, new RecordingViewer());

    assertThat(
            refusal(test.chat.history(other, ANNA, Optional.of(turns.getFirst().messageId()), 4)))
        .isEqualTo(new Refusal.NotFound());
  }

  @Test
  void meetsWhatIsLiveWithoutGapOrOverlap() {
    var joined = test.chat.join(S, ANNA, new RecordingViewer()).joined().orElseThrow();
    test.post(ANNA, "after the join", "a");

    var history = test.chat.historyAt(joined, 50);
    var live = joined.session().turnsFrom(joined.position());

    assertThat(history)
        .extracting(TurnRecord::content)
        .containsExactly("q1", "q2", "q3", "q4", "q5");
    assertThat(live).extracting(Turn::content).containsExactly("after the join");
  }

  @Test
  void hasARunningTurnBothInTheHistoryAndAmongWhatRuns() {
    var running = test.post(ANNA, "running", "a");
    var joined = test.chat.join(S, ANNA, new RecordingViewer()).joined().orElseThrow();

    assertThat(test.chat.historyAt(joined, 2))
        .extracting(TurnRecord::content)
        .containsExactly("running");
    assertThat(joined.running()).containsExactly(running);
  }
}
