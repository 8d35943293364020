package dev.askape.bench;

import dev.askape.fixture.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A server that can be measured.
enum Peer {
  FLOOR("floor (bare Netty)"),
  ASKAPE("AskApe"),
  NODE("Node.js");

  private static final Path NODE_SERVER = Path.of("bench/peers/node-server");

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  boolean isThere() {
    return this != NODE || Files.isDirectory(NODE_SERVER.resolve("node_modules"));
  }

  /// Starts it.
  ///
  /// @param work a folder for what it writes
  Child start(int provider, Path work) throws InterruptedException {
    int port = Ports.free();
    var log = work.resolve(name().toLowerCase(java.util.Locale.ROOT) + ".log");
    return Child.start(title, port, command(port, provider, work), log);
  }

  private List<String> command(int port, int provider, Path work) {
    return switch (this) {
      case ASKAPE ->
          List.of("./askape", "serve", "--config", configuration(port, provider, work).toString());
      case FLOOR ->
          java(
              "dev.askape.bench.floor.FloorServer",
              Integer.toString(port),
              Integer.toString(provider));
      case NODE ->
          List.of(
              "node",
              NODE_SERVER.resolve("server.js").toString(),
              Integer.toString(port),
              Integer.toString(provider));
    };
  }

  /// With the options that the launcher gives AskApe.
  private static List<String> java(String main, String... args) {
    var command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseCompactObjectHeaders",
                "-XX:MaxRAMPercentage=50",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(args));
    return command;
  }

  private static Path configuration(int port, int provider, Path work) {
    var file = work.resolve("askape.yaml");
    try {
      return Files.writeString(
          file,
          """
          server: { host: %s, port: %d }
          storage: { sqlite: { path: "%s" } }
          providers:
            standin: { type: openai, base-url: "http://%s:%d/v1" }
          models:
            - { id: "fake-*", provider: standin }
          """
              .formatted(
                  Child.LOOPBACK, port, work.resolve("askape.db"), Child.LOOPBACK, provider));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
