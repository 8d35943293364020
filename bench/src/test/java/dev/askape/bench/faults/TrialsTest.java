package dev.askape.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.askape.bench.faults.Findings.Kind;
import dev.askape.http.EventLoops;
import dev.askape.standin.StandInProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The trials in small, against the server.
@Timeout(120)
class TrialsTest {
  @TempDir private Path work;
  private final EventLoops loops = EventLoops.start(1);
  private final StandInProvider standIn = StandInProvider.start(loops, "127.0.0.1", 0);

  @AfterEach
  void end() {
    standIn.close();
    loops.close();
  }

  @Test
  void nothingIsLostInTwoKills() throws Exception {
    var options = FaultOptions.parse("--kills=2", "--min=0.5", "--max=1.5", "--clients=4");
    var report = new KillTrial(options, standIn.port(), work).run();
    assertThat(report.findings().isEmpty()).as("%s", report).isTrue();
  }

  @Test
  void nothingIsLostInAKillWithAMongoDbThatComesAndGoes() throws Exception {
    var options = FaultOptions.parse("--kills=1", "--min=2", "--max=4", "--clients=3");
    var report = new KillTrial(options, standIn.port(), work).runWithFaults();
    assertThat(report.findings().isEmpty()).as("%s", report).isTrue();
  }

  @Test
  void aDiskThatDropsWhatWasSyncedIsFoundOut() throws Exception {
    var options =
        FaultOptions.parse(
            "--messages=4", "--power-min=2", "--power-max=4", "--clients=2", "--lying=true");
    var report = new PowerTrial(options, standIn.port(), work).run();
    assumeFalse(report.what().contains("SKIPPED"), report.what());
    assertThat(report.findings().count(Kind.LOST)).as("%s", report).isPositive();
  }
}
