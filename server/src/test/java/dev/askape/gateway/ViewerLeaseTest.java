package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is told while it is in doubt whose a turn is.
class ViewerLeaseTest {
  @AutoClose private final Viewers viewers = new Viewers(Duration.ZERO);
  private final FakeSocket socket = new FakeSocket();

  @Test
  void tellsNothingOfATurnWhileTheLeaseHasRunOut() {
    viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "Hi");
    viewers.run();
    int told = socket.events().size();

    viewers.hand.letLeaseRunOut();
    turn.says(0, " you");
    viewers.hand.post("again", "a").starts(0).says(0, "Hm");
    viewers.run();

    assertThat(socket.events()).hasSize(told);
  }

  @Test
  void tellsNothingUnderAnotherLeaseBeforeItIsKnownWhoseTheTurnIs() {
    viewers.joined(socket, StreamMode.FULL);
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "Hi");
    viewers.run();
    int told = socket.events().size();
    viewers.hand.letLeaseRunOut();
    turn.says(0, " you");

    viewers.hand.takeAnotherLease();
    turn.says(0, " too");
    viewers.run();
    assertThat(socket.events()).hasSize(told);

    turn.isHeld();
    viewers.run();
    assertThat(socket.last().text("fullContent")).isEqualTo("Hi you too");
  }

  @Test
  void tellsNothingOfATurnInDoubtToWhoJoins() {
    var turn = viewers.hand.post("hello", "a").starts(0).says(0, "Hi");
    viewers.hand.letLeaseRunOut();
    viewers.joined(socket, StreamMode.FULL);
    assertThat(socket.packets()).isEmpty();

    viewers.hand.takeAnotherLease();
    turn.isHeld();
    viewers.run();
    assertThat(socket.events()).contains("streaming_started", "message_chunk");
  }
}
