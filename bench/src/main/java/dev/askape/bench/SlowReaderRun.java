package dev.askape.bench;

import dev.askape.bench.load.Load;
import dev.askape.bench.load.LoadSettings;
import dev.askape.bench.load.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One client does not read for 15 s while three answers stream 1 MB each to it; what its
/// neighbours notice, what is held for it, and what it gets then.
final class SlowReaderRun {
  private static final int SILENT_SECONDS = 15;
  private static final String STORIES = "tokens=1000,chars=1000,rate=70";
  private static final int RECEIVE_BUFFER = 64 << 10; // else the kernel keeps megabytes of it

  private final LoadSettings neighbours;
  private final long server;
  private final Options options;

  SlowReaderRun(LoadSettings neighbours, long server, Options options) {
    this.neighbours = neighbours;
    this.server = server;
    this.options = options;
  }

  /// Runs it and gives the lines of the report.
  List<String> run() throws InterruptedException {
    Bench.say("slow reader, %d neighbours", neighbours.clients());
    try (var load = Load.start(neighbours, "s" + System.nanoTime())) {
      TimeUnit.MILLISECONDS.sleep(options.rewarm().toMillis());
      load.begin();
      long residentBefore = Proc.residentKb(server);
      TimeUnit.SECONDS.sleep(SILENT_SECONDS);
      var without = load.results();
      long residentBetween = Proc.residentKb(server);
      return with(load, without, residentBetween - residentBefore);
    }
  }

  private List<String> with(Load load, Results without, long growthWithout)
      throws InterruptedException {
    load.begin();
    long residentBefore = Proc.residentKb(server);
    var slow = load.addSlow("s" + System.nanoTime(), STORIES, RECEIVE_BUFFER);
    if (!slow.awaitSilent(10)) {
      return List.of("slow reader: its answers did not begin");
    }
    long kernel = 0;
    for (int i = 0; i < SILENT_SECONDS; i++) {
      TimeUnit.SECONDS.sleep(1);
      kernel = Math.max(kernel, Proc.kernelBytes(slow.port()));
    }
    var with = load.results();
    long growth = Proc.residentKb(server) - residentBefore;
    long before = System.nanoTime();
    slow.readAgain();
    boolean complete = slow.awaitComplete(20);
    double seconds = (System.nanoTime() - before) / 1e9;
    var atEnd = load.finish(Duration.ofSeconds(20));
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add(
        "Slow reader, %d neighbours: fragments %s ms without, %s with; first fragments %s, %s; server RSS %+d kB, %+d kB; at most %d kB held by the kernel; errors %d"
            .formatted(
                neighbours.clients(),
                Bench.text(without.fragments()),
                Bench.text(with.fragments()),
                Bench.text(without.firsts()),
                Bench.text(with.firsts()),
                growthWithout,
                growth,
                kernel >> 10,
                atEnd.errors()));
    lines.add(
        complete
            ? "It read again and had everything %.2f s later:".formatted(seconds)
            : "It read again and did not get the end within 20 s:");
    for (var got : slow.got()) {
      lines.add(
          "- %s: %s, %d characters, %d chunks after the silence, the largest %d bytes"
              .formatted(
                  got.model(),
                  got.correct() ? "every character right" : "WRONG",
                  got.length(),
                  got.chunksAfterSilence(),
                  got.largest()));
    }
    return lines;
  }
}
