package dev.askape.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.bench.floor.FloorServer;
import dev.askape.http.EventLoops;
import dev.askape.standin.StandInProvider;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The load against the floor, which needs no other process.
class LoadTest {
  private final EventLoops loops = EventLoops.start(1);
  private final StandInProvider standIn = StandInProvider.start(loops, "127.0.0.1", 0);
  private final FloorServer floor = FloorServer.start(0, standIn.port());

  @AfterEach
  void end() {
    floor.close();
    standIn.close();
    loops.close();
  }

  private Results run(String script, int tokens) throws InterruptedException {
    var settings =
        new LoadSettings(
            "127.0.0.1",
            floor.port(),
            2,
            List.of("fake-a:" + script, "fake-b:" + script),
            tokens,
            Duration.ZERO);
    try (var load = Load.start(settings, "test")) {
      load.begin();
      load.awaitTurns(2, Duration.ofSeconds(20));
      return load.finish(Duration.ofSeconds(20));
    }
  }

  @Test
  void countsEveryFragmentOfEveryAnswer() throws InterruptedException {
    var results = run("tokens=20,rate=0,first=1,text=stamp", 20);
    assertThat(results.firstError()).isEmpty();
    assertThat(results.turns()).isGreaterThanOrEqualTo(2);
    assertThat(results.tokens()).isEqualTo(results.turns() * 2 * 20);
    assertThat(results.fragments().count()).isEqualTo(results.tokens());
    assertThat(results.firsts().count()).isEqualTo(results.turns() * 2);
  }

  @Test
  void countsAnswersThatAreShorterThanTheyShouldBeAsErrors() throws InterruptedException {
    var results = run("tokens=10,rate=0,first=1,text=stamp", 11);
    assertThat(results.errors()).isPositive();
    assertThat(results.firstError()).contains("10 fragments");
  }

  @Test
  void countsAConnectionThatEndsAsAnError() throws InterruptedException {
    var script = "fake-a:tokens=1000,rate=10";
    var settings =
        new LoadSettings("127.0.0.1", floor.port(), 1, List.of(script), 1_000, Duration.ZERO);
    try (var load = Load.start(settings, "test")) {
      await().until(() -> load.results().tokens() > 0);
      floor.close();
      await().until(() -> load.results().errors() > 0);
      assertThat(load.results().firstError()).isEqualTo("connection closed");
    }
  }
}
