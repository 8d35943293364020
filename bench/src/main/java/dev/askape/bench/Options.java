package dev.askape.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    var values = new HashMap<>(DEFAULTS);
    for (var arg : args) {
      var pair = arg.split("=", 2);
      var name = pair[0].replaceFirst("^--", "");
      if (pair.length < 2 || !DEFAULTS.containsKey(name)) {
        throw new IllegalArgumentException("unknown option " + arg + "; there are " + DEFAULTS);
      }
      values.put(name, pair[1]);
    }
    return new Options(
        Stream.of(value(values, "peers").split(",", -1))
            .map(name -> Peer.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList(),
        Set.of(value(values, "scenarios").split(",", -1)),
        Integer.parseInt(value(values, "clients")),
        Integer.parseInt(value(values, "tokens")),
        Integer.parseInt(value(values, "streams")),
        Integer.parseInt(value(values, "rate")),
        seconds(value(values, "warmup")),
        seconds(value(values, "rewarm")),
        seconds(value(values, "window")),
        seconds(value(values, "spread")));
  }

  private static String value(Map<String, String> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  private static Duration seconds(String value) {
    return Duration.ofMillis(Math.round(1_000 * Double.parseDouble(value)));
  }

  boolean has(String scenario) {
    return scenarios.contains(scenario);
  }

  /// Whether servers are measured, with clients in front.
  boolean hasClients() {
    return has("latency") || has("cpu") || has("slow");
  }
}
