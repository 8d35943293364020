package dev.askape.bench.faults;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What the command line says, as `--name=value`.
///
/// @param trials `kill`, `power`, `points`, `disk`, `torn`, `store`, `hung`
/// @param kills of the server: in `kill`; `min` to `max` seconds apart, at random
/// @param messages in `power`, at least, acknowledged; between power cuts `powerMin` to `powerMax`
///   seconds
/// @param lying whether in `power` the disk drops what was synced, too: then the checker must find
///   losses
/// @param times each crash point is met
/// @param store the configuration of the store instead of a SQLite file; `%s` is a folder; `mongo`
///   is MongoDB, started for the trial
record FaultOptions(
    Set<String> trials,
    long seed,
    int kills,
    double min,
    double max,
    int clients,
    long messages,
    double powerMin,
    double powerMax,
    boolean lying,
    int times,
    String store) {
  static final String SQLITE = "storage: { sqlite: { path: \"%s/askape.db\" } }";
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("trials", "kill,power,points,disk,torn,store,hung"),
          Map.entry("seed", "0"),
          Map.entry("kills", "200"),
          Map.entry("min", "5"),
          Map.entry("max", "15"),
          Map.entry("clients", "12"),
          Map.entry("messages", "100000"),
          Map.entry("power-min", "5"),
          Map.entry("power-max", "20"),
          Map.entry("lying", "false"),
          Map.entry("times", "50"),
          Map.entry("store", SQLITE));

  static FaultOptions parse(String... args) {
    var values = new HashMap<>(DEFAULTS);
    for (var arg : args) {
      var pair = arg.split("=", 2);
      var name = pair[0].replaceFirst("^--", "");
      if (pair.length < 2 || !DEFAULTS.containsKey(name)) {
        throw new IllegalArgumentException("unknown option " + arg + "; there are " + DEFAULTS);
      }
      values.put(name, pair[1]);
    }
    long seed = Long.parseLong(value(values, "seed"));
    return new FaultOptions(
        Set.of(value(values, "trials").split(",", -1)),
        seed == 0 ? System.nanoTime() : seed,
        Integer.parseInt(value(values, "kills")),
        Double.parseDouble(value(values, "min")),
        Double.parseDouble(value(values, "max")),
        Integer.parseInt(value(values, "clients")),
        Long.parseLong(value(values, "messages")),
        Double.parseDouble(value(values, "power-min")),
        Double.parseDouble(value(values, "power-max")),
        Boolean.parseBoolean(value(values, "lying")),
        Integer.parseInt(value(values, "times")),
        value(values, "store"));
  }

  private static String value(Map<String, String> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /// Whether the store is MongoDB, started for the trial.
  boolean usesMongo() {
    return store.equals("mongo");
  }

  String storeIn(Path folder) {
    return store.contains("%s") ? store.formatted(folder) : store;
  }
}
