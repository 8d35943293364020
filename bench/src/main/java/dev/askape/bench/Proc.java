package dev.askape.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What Linux tells of processes and sockets under `/proc`.
public final class Proc {
  private static final double TICKS_PER_SECOND = 100;
  private static final int USER = 11; // fields of stat behind the name in parentheses
  private static final int SYSTEM = 12;

  private Proc() {}

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (NoSuchFileException _) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path of(long pid, String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  /// Seconds of CPU that a process has used, in user and kernel mode.
  public static double cpuSeconds(long pid) {
    return cpuSeconds(read(of(pid, "stat")));
  }

  private static double cpuSeconds(String stat) {
    int behindName = stat.lastIndexOf(')') + 2;
    if (behindName < 2) {
      return 0;
    }
    var fields = stat.substring(behindName).split(" ", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
  }

  /// The same by the threads' names, numbers in them left out.
  public static Map<String, Double> cpuSecondsByThread(long pid) {
    Map<String, Double> seconds = new HashMap<>();
    try (var tasks = Files.list(of(pid, "task"))) {
      for (var task : tasks.toList()) {
        var stat = read(task.resolve("stat"));
        if (!stat.isEmpty()) {
          var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
          seconds.merge(name.replaceAll("[-# ]*\\d+", ""), cpuSeconds(stat), Double::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seconds;
  }

  /// Where CPU went between two such readings: the five that used most, in percent of `total`.
  static String busiest(Map<String, Double> before, Map<String, Double> after, double total) {
    return after.entrySet().stream()
        .map(entry ->
            Map.entry(entry.getKey(), entry.getValue() - before.getOrDefault(entry.getKey(), 0.0)))
        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
        .limit(5)
        .map(entry -> "%s %.0f%%".formatted(entry.getKey(), 100 * entry.getValue() / total))
        .collect(Collectors.joining(", "));
  }

  /// Resident memory in kB.
  static long residentKb(long pid) {
    return read(of(pid, "status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findAny()
        .orElse(0);
  }

  /// Bytes that the kernel holds for loopback connections with this port at one end: those sent and
  /// not acknowledged, and those received and not read.
  static long kernelBytes(int port) {
    var suffix = ":%04X".formatted(port);
    List<String> lines = new ArrayList<>();
    lines.addAll(read(Path.of("/proc/net/tcp")).lines().toList());
    lines.addAll(read(Path.of("/proc/net/tcp6")).lines().toList());
    return lines.stream()
        .map(line -> line.trim().split("\\s+"))
        .filter(fields -> fields[1].endsWith(suffix) || fields[2].endsWith(suffix))
        .mapToLong(fields -> {
          var queues = fields[4].split(":", -1);
          return Long.parseLong(queues[0], 16) + Long.parseLong(queues[1], 16);
        })
        .sum();
  }

  /// The machine in one line.
  static String machine() {
    var cpu =
        read(Path.of("/proc/cpuinfo"))
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    return "%s, %d cores, %s %s, Java %s"
        .formatted(
            cpu,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version());
  }

  /// How many processes wanted a core during the last minute, on average.
  static String load() {
    var load = read(Path.of("/proc/loadavg"));
    return load.substring(0, load.indexOf(' '));
  }
}
