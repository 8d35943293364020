package dev.askape.bench.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// The server is killed at random moments while clients chat, and started again at once. With
/// MongoDB it has, if asked for, a [Nemesis] besides, and MongoDB is looked into at the end.
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

  /// Whatever the configuration says, except for MongoDB.
  Report run() throws IOException, InterruptedException {
    if (!options.usesMongo()) {
      try (var server = new ServerChild(work)) {
        server.configure(options.storeIn(work), provider);
        return run("kill -9", server, Optional.empty(), Optional.empty());
      }
    }
    try (var database = Database.start(work);
        var server = new ServerChild(work)) {
      server.configure(database.configuration(work), provider);
      return run("kill -9, MongoDB", server, Optional.of(database), Optional.empty());
    }
  }

  /// With MongoDB and its faults.
  Report runWithFaults() throws IOException, InterruptedException {
    try (var database = Database.start(work);
        var server = new ServerChild(work)) {
      server.configure(database.configuration(work), provider);
      server.start(); // once in touch with its database, as a new data folder has to be
      try (var nemesis = Nemesis.start(database, options.seed())) {
        server.kill();
        return run("store", server, Optional.of(database), Optional.of(nemesis));
      }
    }
  }

  private Report run(
      String title, ServerChild server, Optional<Database> database, Optional<Nemesis> nemesis)
      throws InterruptedException {
    var random = new Random(options.seed());
    var kills = new Kills();
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
            "kill %d: %d acknowledged; %s; %s",
            kills.count(),
            crowd.acknowledged(),
            nemesis.map(Nemesis::toString).orElse(""),
            crowd.findings());
      }
      nemesis.ifPresent(Nemesis::close);
      crowd.finish(LAST_ANSWERS);
      var caughtUp = database.map(it -> CatchingUp.await(it, crowd)).orElse("");
      kills.killed(); // the last word is what is on the disk
      server.kill();
      server.start();
      crowd.readEverything();
      database.ifPresent(it -> Contents.check(it, crowd));
      return new Report(
          title,
          "%d kills, %g to %g s apart, seed %d; %d messages acknowledged in %d sessions, told %s; %s; %s%s"
              .formatted(
                  kills.count(),
                  options.min(),
                  options.max(),
                  options.seed(),
                  crowd.acknowledged(),
                  crowd.sessions(),
                  crowd.counts(),
                  kills,
                  nemesis.map(it -> it + "; ").orElse(""),
                  caughtUp),
          crowd.findings());
    }
  }

  static void pause(Random random, double min, double max) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.round(1_000 * (min + random.nextDouble() * (max - min))));
  }
}
