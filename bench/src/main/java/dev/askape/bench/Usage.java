package dev.askape.bench;

import java.util.Map;

/// CPU that the processes of a run have used up to now, in seconds.
record Usage(
    long serverPid, double server, Map<String, Double> threads, double standIn, double client) {
  static Usage now(long server, long standIn) {
    return new Usage(
        server,
        Proc.cpuSeconds(server),
        Proc.cpuSecondsByThread(server),
        Proc.cpuSeconds(standIn),
        Proc.cpuSeconds(ProcessHandle.current().pid()));
  }

  /// What was used from one moment to another.
  ///
  /// @param compiling the part of `server` that its compiler threads used, which ends with warm-up
  /// @param busiest the server's threads that used most
  /// @param residentMb the server's memory at the end
  record Used(
      double server,
      double compiling,
      double standIn,
      double client,
      String busiest,
      long residentMb) {}

  private double compiling() {
    return threads.entrySet().stream()
        .filter(thread -> thread.getKey().contains("Compiler"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  Used since(Usage before) {
    double total = server - before.server;
    return new Used(
        total,
        compiling() - before.compiling(),
        standIn - before.standIn,
        client - before.client,
        Proc.busiest(before.threads, threads, total),
        Proc.residentKb(serverPid) / 1_024);
  }
}
