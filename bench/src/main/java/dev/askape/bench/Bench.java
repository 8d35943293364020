package dev.askape.bench;

import dev.askape.bench.load.Latency;
import dev.askape.bench.load.Load;
import dev.askape.bench.load.LoadSettings;
import dev.askape.bench.load.Results;
import dev.askape.bench.reader.ReaderRun;
import dev.askape.fixture.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The program behind `bench/run`: starts the stand-in and one peer after another, loads them, and
/// prints the table.
public final class Bench {
  private final Options options;
  private final Path work;
  private final List<String> slowReader = new ArrayList<>();
  private final Table table = new Table();
  private String readers = "";

  private Bench(Options options, Path work) {
    this.options = options;
    this.work = work;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    var options = Options.parse(args);
    new Bench(options, Files.createTempDirectory("askape-bench")).run();
  }

  private void run() throws InterruptedException {
    var machine = Proc.machine();
    var loadBefore = Proc.load();
    int port = Ports.free();
    var command = List.of("./askape", "fake-provider", "--port", Integer.toString(port));
    try (var standIn = Child.start("stand-in", port, command, work.resolve("stand-in.log"))) {
      for (var peer : options.hasClients() ? options.peers() : List.<Peer>of()) {
        if (peer.isThere()) {
          measure(peer, standIn);
        } else {
          table.skipped(peer);
        }
      }
      if (options.has("reader")) {
        readers = readers(standIn.port());
      }
    }
    System.out.printf(
        "%n%s; load average %s before, %s after; logs in %s%n%n",
        machine, loadBefore, Proc.load(), work);
    if (options.hasClients()) {
      System.out.print(table);
    }
    slowReader.forEach(System.out::println);
    System.out.print(readers);
  }

  private String readers(int standIn) throws InterruptedException {
    return new ReaderRun(
            standIn,
            options.streams(),
            options.rate(),
            options.warmup().toSeconds(),
            options.window().toSeconds())
        .run();
  }

  private void measure(Peer peer, Child standIn) throws InterruptedException {
    try (var server = peer.start(standIn.port(), work)) {
      if (options.has("latency")) {
        load(peer, server, standIn, settings(server, 100, "stamp"), options.warmup());
      }
      if (options.has("cpu")) {
        load(peer, server, standIn, settings(server, 50, "words"), options.rewarm());
      }
      if (options.has("slow") && peer == Peer.ASKAPE) {
        slowReader.addAll(
            new SlowReaderRun(settings(server, 50, "stamp"), server.pid(), options).run());
      }
    }
  }

  private LoadSettings settings(Child server, int clients, String text) {
    var script = ":tokens=%d,rate=50,text=%s".formatted(options.tokens(), text);
    return new LoadSettings(
        Child.LOOPBACK,
        server.port(),
        options.clients() > 0 ? options.clients() : clients,
        List.of("fake-a" + script, "fake-b" + script, "fake-c" + script),
        options.tokens(),
        options.spread());
  }

  private void load(Peer peer, Child server, Child standIn, LoadSettings settings, Duration warmup)
      throws InterruptedException {
    say("%s, %d clients", peer.title(), settings.clients());
    try (var load = Load.start(settings, "r" + System.nanoTime())) {
      TimeUnit.MILLISECONDS.sleep(warmup.toMillis());
      load.begin();
      var before = Usage.now(server.pid(), standIn.pid());
      TimeUnit.MILLISECONDS.sleep(options.window().toMillis());
      var used = Usage.now(server.pid(), standIn.pid()).since(before);
      var results = load.results();
      var atEnd = load.finish(Duration.ofSeconds(20));
      table.add(peer, settings.clients(), results, used, atEnd.errors());
      say("  %s", summary(results, used));
      if (!atEnd.firstError().isEmpty()) {
        say("  first error: %s", atEnd.firstError());
      }
    }
  }

  private static String summary(Results results, Usage.Used used) {
    return "%.1f µs/token, %.1f without compiling (stand-in %.1f, client %.1f), %s%n  fragments %s, first %s, lag %s, %.0f tokens/s, %.0f frames/s"
        .formatted(
            1e6 * used.server() / results.tokens(),
            1e6 * (used.server() - used.compiling()) / results.tokens(),
            1e6 * used.standIn() / results.tokens(),
            1e6 * used.client() / results.tokens(),
            used.busiest(),
            text(results.fragments()),
            text(results.firsts()),
            text(results.lag()),
            results.tokens() / results.seconds(),
            results.frames() / results.seconds());
  }

  static String text(Latency latency) {
    return latency.count() == 0
        ? "–"
        : "%.1f/%.1f/%.1f".formatted(latency.p50(), latency.p99(), latency.max());
  }

  static void say(String format, Object... args) {
    System.err.printf(format + "%n", args);
  }
}
