package dev.askape.bench.faults;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The server's machine loses power at random moments: the server is killed, its data folder is
/// made what was synced until then, every other time with some sectors of what was not (if the disk
/// does not lie: of one that keeps nothing that would be a damaged file, not a loss), and it is
/// started again.
final class PowerTrial {
  private static final int PIPE_BUFFER = 1 << 20;
  private static final Duration LAST_ANSWERS = Duration.ofMinutes(2);

  private final FaultOptions options;
  private final int provider;
  private final Path work;
  private final Path data;
  private final Disk disk;
  private final Random random;
  private int cuts;
  private long dropped;

  PowerTrial(FaultOptions options, int provider, Path work) throws IOException {
    this.options = options;
    this.provider = provider;
    this.work = work;
    this.data = Files.createDirectory(work.resolve("data"));
    this.disk = new Disk(Files.createDirectory(work.resolve("image")));
    this.random = new Random(options.seed());
  }

  Report run() throws IOException, InterruptedException {
    var log = SyncLog.build(work);
    if (log.isEmpty()) {
      return new Report("power", "SKIPPED: no C compiler (cc) or no mkfifo here", new Findings());
    }
    if (!options.usesMongo()) {
      return run(log.get(), FaultOptions.SQLITE.formatted(data), Optional.empty());
    }
    try (var database = Database.start(work)) {
      return run(log.get(), database.configuration(data), Optional.of(database));
    }
  }

  private Report run(SyncLog log, String store, Optional<Database> database)
      throws IOException, InterruptedException {
    var kills = new Kills();
    try (var server = new ServerChild(work)) {
      server.configure(store, provider);
      log.preload(server, data, options.lying());
      try (var crowd = new Crowd(Load.dense(options.clients()), server.port(), kills, "power")) {
        var following = start(server, log);
        var nemesis = database.map(it -> Nemesis.start(it, options.seed()));
        crowd.start(random);
        while (crowd.acknowledged() < options.messages()) {
          KillTrial.pause(random, options.powerMin(), options.powerMax());
          following = cut(server, following, log, kills);
          Faults.say(
              "power cut %d: %d acknowledged, %d writes dropped; %s",
              cuts, crowd.acknowledged(), dropped, crowd.findings());
        }
        nemesis.ifPresent(Nemesis::close);
        crowd.finish(LAST_ANSWERS);
        var caughtUp = database.map(it -> CatchingUp.await(it, crowd)).orElse("");
        following = cut(server, following, log, kills);
        crowd.readEverything();
        database.ifPresent(it -> Contents.check(it, crowd));
        server.kill();
        end(following);
        return report(crowd, kills, nemesis.map(it -> "; " + it + "; " + caughtUp).orElse(""));
      }
    }
  }

  private Report report(Crowd crowd, Kills kills, String more) {
    return new Report(
        options.lying() ? "power, with a disk that lies" : "power",
        "%d power cuts, seed %d; %d messages acknowledged in %d sessions; %d writes, %d syncs, %d writes not synced and dropped or torn; %s%s"
            .formatted(
                cuts,
                options.seed(),
                crowd.acknowledged(),
                crowd.sessions(),
                disk.writes(),
                disk.syncs(),
                dropped,
                kills,
                more),
        crowd.findings());
  }

  private FutureTask<Boolean> start(ServerChild server, SyncLog log)
      throws IOException, InterruptedException {
    disk.restore(data);
    var following =
        new FutureTask<>(() -> {
          try (var told =
              new DataInputStream(
                  new BufferedInputStream(Files.newInputStream(log.pipe()), PIPE_BUFFER))) {
            disk.follow(told);
          }
          return true;
        });
    Thread.ofPlatform().daemon().name("disk").start(following);
    server.start();
    return following;
  }

  private FutureTask<Boolean> cut(
      ServerChild server, FutureTask<Boolean> following, SyncLog log, Kills kills)
      throws IOException, InterruptedException {
    kills.killed();
    server.kill();
    end(following);
    dropped += disk.losePower(random, cuts++ % 2 == 1 && !options.lying());
    var next = start(server, log);
    kills.listensAgain();
    return next;
  }

  private static void end(FutureTask<Boolean> following) throws IOException, InterruptedException {
    try {
      following.get();
    } catch (ExecutionException e) {
      throw new IOException("the disk could not follow", e);
    }
  }
}
