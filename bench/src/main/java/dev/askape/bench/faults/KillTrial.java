package dev.askape.bench.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// The server is killed at random moments while clients chat, and started again at once.
final class KillTrial {
  private static final Duration LAST_ANSWERS = Duration.ofMinutes(2);

  private final FaultOptions options;
  private final int provider;
  private final Path work;

  KillTrial(FaultOptions options, int provider, Path work) {
    this.options = options;
    this.provider = provider;
    this.work = work;
  }

  Report run() throws InterruptedException {
    var random = new Random(options.seed());
    var kills = new Kills();
    try (var server = new ServerChild(work)) {
      server.configure(options.storeIn(work), provider);
      server.start();
      try (var crowd = new Crowd(Load.mixed(options.clients()), server.port(), kills, "kill")) {
        crowd.start(random);
        while (kills.count() < options.kills()) {
          pause(random, options.min(), options.max());
          kills.killed();
          server.kill();
          server.start();
          kills.listensAgain();
          Faults.say(
              "kill %d: %d acknowledged; %s",
              kills.count(), crowd.acknowledged(), crowd.findings());
        }
        crowd.finish(LAST_ANSWERS);
        kills.killed(); // the last word is what is on the disk
        server.kill();
        server.start();
        crowd.readEverything();
        return new Report(
            "kill -9",
            "%d kills, %g to %g s apart, seed %d; %d messages acknowledged in %d sessions; %s"
                .formatted(
                    kills.count(),
                    options.min(),
                    options.max(),
                    options.seed(),
                    crowd.acknowledged(),
                    crowd.sessions(),
                    kills),
            crowd.findings());
      }
    }
  }

  static void pause(Random random, double min, double max) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.round(1_000 * (min + random.nextDouble() * (max - min))));
  }
}
