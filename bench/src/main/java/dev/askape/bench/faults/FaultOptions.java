package dev.askape.bench.faults;

import dev.askape.bench.Arguments;
import java.nio.file.Path;
import java.util.Map;
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
    var values = Arguments.parse(DEFAULTS, args);
    long seed = Long.parseLong(values.text("seed"));
    return new FaultOptions(
        Set.of(values.text("trials").split(",", -1)),
        seed == 0 ? System.nanoTime() : seed,
        values.whole("kills"),
        values.decimal("min"),
        values.decimal("max"),
        values.whole("clients"),
        Long.parseLong(values.text("messages")),
        values.decimal("power-min"),
        values.decimal("power-max"),
        Boolean.parseBoolean(values.text("lying")),
        values.whole("times"),
        values.text("store"));
  }

  /// Whether the store is MongoDB, started for the trial.
  boolean usesMongo() {
    return store.equals("mongo");
  }

  String storeIn(Path folder) {
    return store.contains("%s") ? store.formatted(folder) : store;
  }
}
