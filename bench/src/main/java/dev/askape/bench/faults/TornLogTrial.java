package dev.askape.bench.faults;

import dev.askape.bench.faults.Findings.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;

/// What a power cut in the middle of a write leaves: the log ends in a part of a page, whose rest
/// is not there or is something else. And what it must not leave, a data file of half its length,
/// which has to be refused and not to be believed.
final class TornLogTrial {
  private static final int TIMES = 20;
  private static final int FRAME = 4_096 + 24;
  private static final Duration LAST_ANSWERS = Duration.ofMinutes(1);

  private final FaultOptions options;
  private final int provider;
  private final Path work;
  private final Path database;
  private final Path log;

  TornLogTrial(FaultOptions options, int provider, Path work) throws IOException {
    this.options = options;
    this.provider = provider;
    this.work = work;
    var data = Files.createDirectory(work.resolve("data"));
    this.database = data.resolve("askape.db");
    this.log = data.resolve("askape.db-wal");
  }

  Report run() throws IOException, InterruptedException {
    var random = new Random(options.seed());
    try (var server = new ServerChild(work)) {
      server.configure(FaultOptions.SQLITE.formatted(database.getParent()), provider);
      server.start();
      var kills = new Kills();
      try (var crowd = new Crowd(Load.dense(4), server.port(), kills, "torn")) {
        crowd.start(random);
        for (int i = 0; i < TIMES; i++) {
          KillTrial.pause(random, 0.3, 1.5);
          kills.killed();
          server.kill();
          tear(random);
          server.start();
          kills.listensAgain();
        }
        crowd.finish(LAST_ANSWERS);
        crowd.readEverything();
        var half = half(server, crowd.findings());
        return new Report(
            "torn log",
            "%d kills with a part of a page at the log's end; %d messages acknowledged; a data file of half its length: %s"
                .formatted(kills.count(), crowd.acknowledged(), half),
            crowd.findings());
      }
    }
  }

  /// Appends a part of a frame: garbage, or the beginning of the frame before it.
  private void tear(Random random) throws IOException {
    var bytes = new byte[random.nextInt(1, FRAME)];
    random.nextBytes(bytes);
    if (random.nextBoolean() && Files.size(log) >= FRAME) {
      var all = Files.readAllBytes(log);
      System.arraycopy(all, all.length - FRAME, bytes, 0, bytes.length);
    }
    Files.write(log, bytes, StandardOpenOption.APPEND);
  }

  private String half(ServerChild server, Findings findings)
      throws IOException, InterruptedException {
    server.terminate();
    server.awaitExit(30);
    var whole = Files.readAllBytes(database);
    Files.write(database, java.util.Arrays.copyOf(whole, whole.length / 2));
    Files.deleteIfExists(log);
    long from = Files.size(server.log());
    server.launch();
    boolean listens = server.awaitListening();
    if (listens) {
      server.kill();
      findings.add(Kind.CONTRADICTED, "a data file of half its length was taken");
    }
    var said = Files.readString(server.log()).substring((int) from).strip();
    return (listens ? "TAKEN; " : "refused; ") + said.lines().reduce((_, last) -> last).orElse("");
  }
}
