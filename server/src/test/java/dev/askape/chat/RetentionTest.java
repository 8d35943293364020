package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.GUEST;
import static dev.askape.chat.TestChat.message;
import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Duration GUESTS = Duration.ofDays(30);

  @AutoClose private final TestChat test = new TestChat("a");

  private boolean isKept(String session) {
    return test.store.findSession(new SessionId(session)).isPresent();
  }

  private void say(String session, Asker asker) {
    var turn = test.accepted(message(new SessionId(session), asker, "hello", "a"));
    test.model("a").nextCall().finishes();
    TestChat.awaitOver(turn);
  }

  @Test
  void deletesGuestsSessionsInWhichNothingWasSaidForLong() {
    say("old", GUEST);
    say("users", ANNA);
    test.clock.move(GUESTS.plusSeconds(1));
    say("new", GUEST);
    test.accepted(message(new SessionId("answered"), GUEST, "hello", "a"));

    try (var _ = Retention.start(test.chat, test.store, GUESTS, test.clock)) {
      soon().until(() -> !isKept("old"));
    }

    assertThat(isKept("users")).isTrue();
    assertThat(isKept("new")).isTrue();
    assertThat(isKept("answered")).isTrue();
  }

  @Test
  void leavesASessionInWhichSomethingRuns() {
    var turn = test.accepted(message(new SessionId("runs"), GUEST, "hello", "a"));
    var call = test.model("a").nextCall();
    test.clock.move(GUESTS.plusSeconds(1));
    var before = test.clock.instant().minus(GUESTS);

    assertThat(test.chat.expire(turn.sessionId(), before)).isFalse();

    call.finishes();
    TestChat.awaitOver(turn);
    assertThat(test.chat.expire(turn.sessionId(), before)).isTrue();
    assertThat(isKept("runs")).isFalse();
  }
}
