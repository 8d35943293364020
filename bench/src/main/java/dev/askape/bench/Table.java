package dev.askape.bench;

import dev.askape.bench.load.Results;
import java.util.ArrayList;
import java.util.List;

/// The figures of a run, as a table in Markdown.
final class Table {
  private final List<String> rows = new ArrayList<>();

  void add(Peer peer, int clients, Results results, Usage.Used used, long errors) {
    rows.add(
        "| %s | %d | %.0f | %.1f | %.1f | %s | %s | %s | %d | %d |"
            .formatted(
                peer.title(),
                clients,
                results.tokens() / results.seconds(),
                1e6 * used.server() / results.tokens(),
                1e6 * (used.server() - used.compiling()) / results.tokens(),
                Bench.text(results.fragments()),
                Bench.text(results.firsts()),
                Bench.text(results.lag()),
                used.residentMb(),
                errors));
  }

  void skipped(Peer peer) {
    rows.add("| %s | skipped: not on this machine | | | | | | | | |".formatted(peer.title()));
  }

  @Override
  public String toString() {
    return """
    | server | clients | tokens/s | CPU µs/token | without JIT | fragments p50/p99/max ms | first fragments | client's own lag | RSS MB | errors |
    |---|---|---|---|---|---|---|---|---|---|
    %s
    """
        .formatted(String.join("\n", rows));
  }
}
