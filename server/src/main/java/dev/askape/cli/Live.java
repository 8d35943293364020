package dev.askape.cli;

import dev.askape.AskApe;
import dev.askape.Parts;
import dev.askape.chat.Model;
import dev.askape.config.Settings;
import dev.askape.conformance.ConformanceServer;
import dev.askape.http.EventLoops;
import dev.askape.offer.Offered;
import dev.askape.standin.StandInProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts the real thing.
record Live(Map<String, String> environment) implements Commands {
  private static final String LOOPBACK = "127.0.0.1";

  @Override
  public Running serve(Settings settings) {
    var server = AskApe.open(settings, environment, Version.read().version());
    return running(String.join(System.lineSeparator(), server.greeting()), server::close);
  }

  @Override
  public List<Model> listModels(Settings settings) {
    try (var loops = EventLoops.start(1);
        var offered =
            Offered.by(settings, new Parts(settings).local(), environment, loops.loops())) {
      return offered.models().listed();
    }
  }

  @Override
  public List<Finding> probe(Settings settings) {
    return new Probe(settings, environment).findings();
  }

  @Override
  public Running fakeProvider(int port, Optional<String> key) {
    var loops = EventLoops.start(0);
    var server = StandInProvider.start(loops, LOOPBACK, port, key);
    return running(
        "The stand-in provider listens on %s (docs/fake-provider.md)".formatted(server.baseUrl()),
        () -> {
          server.close();
          loops.close();
        });
  }

  @Override
  public Running conformance(int port) {
    var loops = EventLoops.start(0);
    var server = ConformanceServer.start(port, loops);
    return running(
        "Engine.IO echo at http://127.0.0.1:%d/engine.io/, Socket.IO at http://127.0.0.1:%d/socket.io/"
            .formatted(server.port(), server.port()),
        () -> {
          server.close();
          loops.close();
        });
  }

  private static Running running(String greeting, Runnable close) {
    return new Running() {
      @Override
      public String greeting() {
        return greeting;
      }

      @Override
      public void close() {
        close.run();
      }
    };
  }
}
