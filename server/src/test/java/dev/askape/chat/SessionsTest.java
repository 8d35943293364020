package dev.askape.chat;

import static dev.askape.chat.TestChat.ANNA;
import static dev.askape.chat.TestChat.BERT;
import static dev.askape.chat.TestChat.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which sessions are in memory, and how long a session without messages is somebody's.
class SessionsTest {
  private static final Duration LINGER = Duration.ofMinutes(1);

  private final MovedClock clock = new MovedClock();
  private final WatchedStore store = new WatchedStore(SqliteStore.open(SqliteSettings.memory()));
  private final Sessions sessions = new Sessions(store, clock, 3);
  private final RecordingViewer viewer = new RecordingViewer();

  @AfterEach
  void close() {
    store.close();
  }

  private boolean joins(Asker asker, SessionViewer with) {
    return sessions
        .use(
            S,
            session -> {
              session.claim(asker, clock.instant());
              return session.mayReach(asker) && session.follow(with, asker).joined().isPresent();
            })
        .orElseThrow();
  }

  private void leaves() {
    sessions.find(S).orElseThrow().unfollow(viewer, clock.instant());
  }

  private void moveAndRetire(Duration by) {
    clock.move(by);
    sessions.retireIdle(LINGER);
  }

  @Test
  void belongsToItsFirstJoinerWhileHeIsConnected() {
    assertThat(joins(ANNA, viewer)).isTrue();
    moveAndRetire(Duration.ofDays(1));

    assertThat(joins(BERT, new RecordingViewer())).isFalse();
    assertThat(joins(ANNA, new RecordingViewer())).isTrue();
  }

  @Test
  void belongsToHimAMinuteLonger() {
    joins(ANNA, viewer);
    moveAndRetire(Duration.ofHours(1));
    leaves();
    moveAndRetire(LINGER);
    assertThat(joins(BERT, new RecordingViewer())).isFalse();
    assertThat(joins(ANNA, viewer)).isTrue();
  }

  @Test
  void belongsToWhoeverJoinsNextAfterThat() {
    joins(ANNA, viewer);
    leaves();
    moveAndRetire(LINGER.plusMillis(1));

    assertThat(sessions.size()).isZero();
    assertThat(joins(BERT, new RecordingViewer())).isTrue();
    assertThat(joins(ANNA, viewer)).isFalse();
  }

  @Test
  void doesNotBelongToHimLongerBecauseOthersTry() {
    joins(ANNA, viewer);
    leaves();
    moveAndRetire(Duration.ofSeconds(50));
    assertThat(joins(BERT, new RecordingViewer())).isFalse();
    moveAndRetire(Duration.ofSeconds(11));

    assertThat(joins(BERT, new RecordingViewer())).isTrue();
  }

  @Test
  void forgetsAtOnceWhatIsNobodys() {
    sessions.use(S, session -> session.mayReach(ANNA));
    assertThat(sessions.size()).isEqualTo(1);
    sessions.retireIdle(LINGER);

    assertThat(sessions.size()).isZero();
  }

  @Test
  void keepsWhatIsInUse() {
    var inside =
        sessions.use(
            S,
            session -> {
              moveAndRetire(Duration.ofDays(1));
              return sessions.find(S).map(session::equals).orElse(false);
            });

    assertThat(inside).contains(true);
  }

  @Test
  void startsAnewWithASessionThatWasRetiredMeanwhile() {
    var first = sessions.use(S, session -> session).orElseThrow();
    assertThat(first.retire(clock.instant().plusSeconds(1))).isTrue();

    var second = sessions.use(S, session -> session).orElseThrow();

    assertThat(second).isNotSameAs(first);
    assertThat(sessions.find(S)).contains(second);
  }

  @Test
  void takesNoMoreThanSoManyAtOnce() {
    for (int i = 0; i < 3; i++) {
      assertThat(sessions.use(new SessionId("s" + i), Session::id)).isPresent();
    }

    assertThat(sessions.use(new SessionId("s4"), Session::id)).isEmpty();
    assertThat(sessions.use(new SessionId("s2"), Session::id)).isPresent();
    sessions.retireIdle(LINGER);
    assertThat(sessions.use(new SessionId("s4"), Session::id)).isPresent();
  }
}
