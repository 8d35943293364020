package dev.askape.bench.faults;

import com.google.errorprone.annotations.FormatMethod;
import dev.askape.http.EventLoops;
import dev.askape.standin.StandInProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program behind `bench/faults`: runs the trials and prints what came of each. The exit code
/// is 1 when something was wrong.
public final class Faults {
  private Faults() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    var options = FaultOptions.parse(args);
    var work = Files.createTempDirectory("askape-faults");
    say("in %s, seed %d", work, options.seed());
    var reports = new ArrayList<Report>();
    try (var loops = EventLoops.start(1);
        var standIn = StandInProvider.start(loops, "127.0.0.1", 0)) {
      for (var trial : List.of("kill", "power", "points", "disk", "torn", "store", "hung")) {
        if (options.trials().contains(trial)) {
          var report =
              run(trial, options, standIn.port(), Files.createDirectory(work.resolve(trial)));
          System.out.println(report);
          reports.add(report);
        }
      }
    }
    boolean good = reports.stream().allMatch(report -> report.findings().isEmpty());
    System.exit(good ? 0 : 1);
  }

  private static Report run(String trial, FaultOptions options, int provider, Path work)
      throws IOException, InterruptedException {
    return switch (trial) {
      case "power" -> new PowerTrial(options, provider, work).run();
      case "points" -> new PointTrial(options, provider, work).run();
      case "disk" -> new FullDiskTrial(options, provider, work).run();
      case "torn" -> new TornLogTrial(options, provider, work).run();
      case "hung" -> new HungTrial(options, provider, work).run();
      case "store" -> new KillTrial(options, provider, work).runWithFaults();
      default -> new KillTrial(options, provider, work).run();
    };
  }

  @FormatMethod
  static void say(String format, Object... args) {
    System.err.printf(format + "%n", args);
  }
}
