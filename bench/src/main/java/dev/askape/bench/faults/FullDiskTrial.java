package dev.askape.bench.faults;

import dev.askape.bench.faults.Findings.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// The disk fills up while clients chat, the server is killed and started on it, and space comes
/// back. The disk is a small file system in memory, which takes root to mount.
final class FullDiskTrial {
  private static final String SIZE = "24m";
  private static final int RESERVE = 12 << 20;
  private static final long PATIENCE_SECONDS = 60;
  private static final int CLIENTS = 6;
  private static final int REFUSED = 2; // the exit code

  private final FaultOptions options;
  private final int provider;
  private final Path work;
  private final Path disk;

  FullDiskTrial(FaultOptions options, int provider, Path work) throws IOException {
    this.options = options;
    this.provider = provider;
    this.work = work;
    this.disk = Files.createDirectory(work.resolve("disk"));
  }

  Report run() throws IOException, InterruptedException {
    if (!ran("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "askape-faults", disk.toString())) {
      return new Report(
          "full disk", "SKIPPED: no small file system can be mounted here", new Findings());
    }
    try (var server = new ServerChild(work)) {
      if (!options.usesMongo()) {
        return run(server, FaultOptions.SQLITE.formatted(disk), Optional.empty());
      }
      try (var database = Database.start(work)) {
        return run(server, database.configuration(disk), Optional.of(database));
      }
    } finally {
      ran("umount", "-l", disk.toString());
    }
  }

  /// @param database which is left hanging while the disk of the spool fills up
  private Report run(ServerChild server, String store, Optional<Database> database)
      throws IOException, InterruptedException {
    var reserve = Files.write(disk.resolve("reserve"), new byte[RESERVE]);
    server.configure(store, provider);
    server.start();
    database.ifPresent(it -> it.server().stop());
    try (var crowd = new Crowd(Load.bulky(CLIENTS), server.port(), new Kills(), "disk")) {
      crowd.start(new Random(options.seed()));
      boolean refused = await(crowd::hasRefusals);
      long whenFull = crowd.acknowledged();
      TimeUnit.SECONDS.sleep(3);
      boolean lived = server.isAlive();
      server.kill();
      server.launch();
      boolean started = server.awaitListening();
      var refusal = started ? "listens" : "ends with: " + server.lastLine();
      if (!started && server.awaitExit(10) != REFUSED) {
        crowd.findings().add(Kind.CONTRADICTED, "a start on a full disk: %s", refusal);
      }
      TimeUnit.SECONDS.sleep(3);
      Files.delete(reserve);
      if (!started) {
        server.start();
      }
      boolean recovered = await(() -> crowd.acknowledged() > whenFull + 50);
      crowd.finish(Duration.ofSeconds(PATIENCE_SECONDS));
      database.ifPresent(it -> it.server().resume());
      var caughtUp = database.map(it -> "; " + CatchingUp.await(it, crowd)).orElse("");
      server.kill();
      server.start();
      crowd.readEverything();
      database.ifPresent(it -> Contents.check(it, crowd));
      if (!refused || !lived || !recovered) {
        crowd
            .findings()
            .add(
                Kind.CONTRADICTED, "refused %s, lived %s, recovered %s", refused, lived, recovered);
      }
      return new Report(
          database.isPresent() ? "full disk of the spool, MongoDB hung" : "full disk",
          "full after %d messages: further ones refused %s, the process lived on %s, a start on the full disk %s, taken again with space %s; killed, and %d acknowledged read%s"
              .formatted(
                  whenFull, refused, lived, refusal, recovered, crowd.acknowledged(), caughtUp),
          crowd.findings());
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static boolean await(Condition condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.holds()) {
      if (System.nanoTime() > until) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }

  private static boolean ran(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
