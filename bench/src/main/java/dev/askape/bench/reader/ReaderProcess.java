package dev.askape.bench.reader;

import dev.askape.bench.Proc;
import dev.askape.bench.floor.FloorReader;
import dev.askape.http.EventLoops;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A process that does nothing but read streams of the stand-in, all at once, and prints what that
/// cost: `ReaderProcess READER PORT STREAMS RATE WARMUP WINDOW`, times in seconds.
public final class ReaderProcess {
  private static final long SELF = ProcessHandle.current().pid();

  private ReaderProcess() {}

  public static void main(String[] args) throws InterruptedException {
    var reader = args[0];
    int port = Integer.parseInt(args[1]);
    int streams = Integer.parseInt(args[2]);
    int rate = Integer.parseInt(args[3]);
    int warmup = Integer.parseInt(args[4]);
    int window = Integer.parseInt(args[5]);
    var counted = new Counted();
    var model =
        "fake-reader:text=stamp,first=500,rate=%d,tokens=%d"
            .formatted(rate, rate * (warmup + window + 60));
    var loops = EventLoops.start(0);
    if (reader.equals("netty")) {
      FloorReader.start(loops.loops(), port, model, streams, counted);
    } else {
      Asking.start(reader, loops.loops(), port, model, streams, counted);
    }
    TimeUnit.SECONDS.sleep(warmup);
    System.out.println(measured(counted, window, (double) rate * streams));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static ReaderResult measured(Counted counted, int window, double expectedRate)
      throws InterruptedException {
    counted.ages();
    long fragments = counted.fragments();
    double cpu = Proc.cpuSeconds(SELF);
    double compiling = compiling();
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(window);
    double seconds = (System.nanoTime() - start) / 1e9;
    double used = Proc.cpuSeconds(SELF) - cpu;
    double compiled = compiling() - compiling;
    long read = counted.fragments() - fragments;
    var ages = counted.ages();
    return new ReaderResult(
        read,
        read / (expectedRate * seconds),
        used,
        compiled,
        ages.getValueAtPercentile(50) / 1_000.0,
        ages.getValueAtPercentile(99) / 1_000.0,
        ages.getMaxValue() / 1_000.0);
  }

  private static double compiling() {
    return Proc.cpuSecondsByThread(SELF).entrySet().stream()
        .filter(thread -> thread.getKey().contains("Compiler"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
