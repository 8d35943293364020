package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.SessionViewer.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The log of a session and its viewers.
class SessionTest {
  private final MovedClock clock = new MovedClock();
  private final HandSession hand = new HandSession("s", clock);
  private final Session session = hand.session();
  private final RecordingViewer viewer = new RecordingViewer();

  private HandSession.HandTurn over(String content) {
    return hand.post(content, "m").starts(0).completes(0);
  }

  @Test
  void givesAJoinerThePositionTheNumberAndWhatRunsInOneStep() {
    over("one");
    var running = hand.post("two", "m");

    var joined = hand.join(viewer);

    assertThat(joined.position()).isEqualTo(2);
    assertThat(joined.lastSeq()).isEqualTo(4);
    assertThat(joined.running()).containsExactly(running.turn());
    assertThat(joined.session().turnsFrom(joined.position())).isEmpty();
  }

  @Test
  void wakesEveryViewerForWhatHappensAndTellsThemOfGrowth() {
    var other = new RecordingViewer();
    hand.join(viewer);
    hand.join(other);
    var turn = hand.post("one", "m");
    int wakes = viewer.wakes.get();
    assertThat(wakes).isPositive();
    turn.starts(0).says(0, "first");
    assertThat(viewer.wakes.get()).isGreaterThan(wakes);
    assertThat(viewer.growths.get()).isZero();
    turn.says(0, " second");

    assertThat(viewer.growths.get()).isEqualTo(1);
    assertThat(other.growths.get()).isEqualTo(1);
  }

  @Test
  void hasAViewerOnlyOnceHoweverOftenItJoins() {
    hand.join(viewer);
    hand.join(viewer);
    hand.post("one", "m");

    assertThat(session.viewers()).containsExactly(viewer);
    assertThat(viewer.wakes.get()).isEqualTo(1);
  }

  @Test
  void tellsNothingToAViewerThatLeft() {
    hand.join(viewer);
    session.unfollow(viewer, clock.instant());
    hand.post("one", "m");

    assertThat(viewer.wakes.get()).isZero();
    assertThat(session.viewers()).isEmpty();
  }

  @Test
  void keepsPositionsWhenItForgetsWhatIsOver() {
    hand.join(viewer);
    viewer.needsFrom = 5;
    over("one");
    over("two");
    var third = hand.post("three", "m");
    hand.trim();

    assertThat(session.end()).isEqualTo(3);
    assertThat(session.turnsFrom(2)).containsExactly(third.turn());
    assertThat(session.turnsFrom(0)).containsExactly(third.turn());
  }

  @Test
  void forgetsNothingThatAViewerStillNeeds() {
    hand.join(viewer);
    viewer.needsFrom = 3;
    var behind = new RecordingViewer();
    hand.join(behind);
    behind.needsFrom = 1;
    over("one");
    over("two");
    hand.trim();
    assertThat(session.turnsFrom(0)).hasSize(2);

    behind.needsFrom = 3;
    hand.trim();
    assertThat(session.turnsFrom(0)).hasSize(1);
    assertThat(viewer.dropped).isEmpty();
    assertThat(behind.dropped).isEmpty();
  }

  @Test
  void forgetsNothingThatRunsHoweverOldItIs() {
    var running = hand.post("one", "m");
    over("two");
    clock.move(Duration.ofDays(1));
    hand.trim();

    assertThat(session.turnsFrom(0)).hasSize(2).startsWith(running.turn());
    assertThat(session.running()).containsExactly(running.turn());
  }

  @Test
  void keepsATurnThatTheStoreHasNotTakenYet() {
    hand.post("one", "m").starts(0).completesUnstored(0);
    hand.trim();

    assertThat(session.turnsFrom(0)).hasSize(1);
  }

  @Test
  void dropsAViewerThatIsTwoMinutesBehind() {
    hand.join(viewer);
    viewer.needsFrom = 5;
    var behind = new RecordingViewer();
    hand.join(behind);
    behind.needsFrom = 3;
    over("one");
    over("two");
    clock.move(Duration.ofMinutes(2));
    hand.trim();
    assertThat(behind.dropped).isEmpty();

    over("three");
    clock.move(Duration.ofMillis(1));
    hand.trim();

    assertThat(behind.dropped).containsExactly(Reason.TOO_FAR_BEHIND);
    assertThat(session.viewers()).containsExactly(viewer);
    assertThat(session.turnsFrom(0)).hasSize(1);
  }

  @Test
  void dropsNobodyWhoHasPassedWhatItForgets() {
    hand.join(viewer);
    viewer.needsFrom = 3;
    over("one");
    clock.move(Duration.ofMinutes(3));
    hand.trim();

    assertThat(viewer.dropped).isEmpty();
    assertThat(session.turnsFrom(0)).isEmpty();
  }

  @Test
  void isGoneOnceItIsDeleted() {
    hand.join(viewer);
    hand.delete();

    assertThat(viewer.dropped).containsExactly(Reason.DELETED);
    assertThat(session.viewers()).isEmpty();
    assertThat(session.acquire()).isFalse();
    assertThat(session.follow(viewer, TestChat.ANNA))
        .isEqualTo(new JoinResult.Refused(new Refusal.Busy()));
  }

  @Test
  void findsATurnByEitherOfItsIdsAndByItsSendersId() {
    var turn = hand.post("one", "m").turn();
    var anna = new Party.User("anna");

    assertThat(session.findTurn(turn.messageId())).contains(turn);
    assertThat(session.findTurn(turn.userMessageId())).contains(turn);
    assertThat(session.findTurn(new MessageId("other"))).isEmpty();
    assertThat(session.findTurn(anna, new ClientMessageId("c1"))).contains(turn);
    assertThat(session.findTurn(anna, new ClientMessageId("c2"))).isEmpty();
    assertThat(session.findTurn(new Party.Guest("anna"), new ClientMessageId("c1"))).isEmpty();
  }
}
