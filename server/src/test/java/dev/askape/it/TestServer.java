package dev.askape.it;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.askape.AskApe;
import dev.askape.config.Settings;
import dev.askape.config.Sources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/// A whole server in this process, on free ports, with a stand-in provider behind it and its data
/// in a folder. Also a playground: run [#main] and talk to it.
final class TestServer implements AutoCloseable {
  private final StandIn standIn;
  private final AskApe server;

  private TestServer(StandIn standIn, AskApe server) {
    this.standIn = standIn;
    this.server = server;
  }

  static TestServer start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  /// @param flags such as `--stream.merge`
  static TestServer start(Path folder, Map<String, String> flags) throws IOException {
    var standIn = new StandIn();
    var file = Configuration.write(folder, standIn.baseUrl());
    var settings = Settings.load(new Sources(folder, Optional.of(file), Map.of(), flags));
    onlyErrors("dev.askape.chat.TurnRun"); // it would log every failure that a test scripts
    return new TestServer(standIn, AskApe.open(settings, Map.of(), "test"));
  }

  private static void onlyErrors(String logger) {
    if (LoggerFactory.getLogger(logger) instanceof Logger log) {
      log.setLevel(Level.ERROR);
    }
  }

  AskApe server() {
    return server;
  }

  StandIn standIn() {
    return standIn;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public void close() {
    server.close();
    standIn.close();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    try (var server = start(Files.createTempDirectory("askape"))) {
      System.out.printf("AskApe: %s%nprovider: %s%n", server.uri(), server.standIn.baseUrl());
      new CountDownLatch(1).await();
    }
  }
}
