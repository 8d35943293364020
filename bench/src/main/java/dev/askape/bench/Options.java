package dev.askape.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What the command line says, as `--name=value`.
///
/// @param scenarios `latency` (100 clients), `cpu` (50 clients), `slow` (one does not read),
///   `reader` (no clients: streams of a provider)
/// @param streams for `reader`, each of `rate` fragments a second
/// @param clients how many instead; 0 leaves it to the scenario
/// @param warmup before a server is first measured; `rewarm`, before it is measured again
record Options(
    List<Peer> peers,
    Set<String> scenarios,
    int clients,
    int tokens,
    int streams,
    int rate,
    Duration warmup,
    Duration rewarm,
    Duration window,
    Duration spread) {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "peers", "floor,askape,node",
          "scenarios", "latency,cpu,slow,reader",
          "clients", "0",
          "tokens", "200",
          "streams", "1000",
          "rate", "20",
          "warmup", "15",
          "rewarm", "6",
          "window", "15",
          "spread", "1");

  static Options parse(String... args) {
    var values = Arguments.parse(DEFAULTS, args);
    return new Options(
        Stream.of(values.text("peers").split(",", -1))
            .map(name -> Peer.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList(),
        Set.of(values.text("scenarios").split(",", -1)),
        values.whole("clients"),
        values.whole("tokens"),
        values.whole("streams"),
        values.whole("rate"),
        seconds(values.decimal("warmup")),
        seconds(values.decimal("rewarm")),
        seconds(values.decimal("window")),
        seconds(values.decimal("spread")));
  }

  private static Duration seconds(double value) {
    return Duration.ofMillis(Math.round(1_000 * value));
  }

  boolean has(String scenario) {
    return scenarios.contains(scenario);
  }

  /// Whether servers are measured, with clients in front.
  boolean hasClients() {
    return has("latency") || has("cpu") || has("slow");
  }
}
