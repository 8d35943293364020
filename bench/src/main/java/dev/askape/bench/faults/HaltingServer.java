package dev.askape.bench.faults;

import dev.askape.AskApe;
import dev.askape.config.Settings;
import dev.askape.config.Sources;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The server as it is, but for a [Halt] around its store and models. Arguments: the point, then
/// `--config` and its file.
public final class HaltingServer {
  private HaltingServer() {}

  public static void main(String[] args) {
    var file = Path.of(args[2]);
    var settings =
        Settings.load(
            new Sources(
                Path.of(""), Optional.of(file), Map.of(), Map.of("--shutdown.grace", "200ms")));
    var server = AskApe.open(settings, Map.of(), "trial", new Halt(Point.valueOf(args[0])));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
  }
}
