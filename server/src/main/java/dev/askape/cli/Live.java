package dev.askape.cli;

import dev.askape.AskApe;
import dev.askape.Parts;
import dev.askape.Stores;
import dev.askape.chat.Model;
import dev.askape.chat.Party;
import dev.askape.config.Settings;
import dev.askape.conformance.ConformanceServer;
import dev.askape.http.EventLoops;
import dev.askape.offer.Offered;
import dev.askape.standin.StandInProvider;
import dev.askape.storage.mongo.MongoStore;
import dev.askape.storage.spool.Migration;
import dev.askape.storage.sqlite.SqliteBackup;
import dev.askape.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Starts the real thing.
record Live(Map<String, String> environment) implements Commands {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int SESSIONS_PER_LINE = 1_000;

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
  public String backup(Settings settings, Path target) {
    if (settings.storage().mongoUri().isPresent()) {
      throw new StartupException("conversations are kept in MongoDB; mongodump makes a copy of it");
    }
    long bytes = SqliteBackup.copy(Path.of(settings.storage().sqlite().path()), target);
    return "%s holds all conversations of this moment (%,d bytes)".formatted(target, bytes);
  }

  @Override
  public long export(Settings settings, Party owner, Consumer<String> line) {
    try (var store = Stores.openToRead(settings)) {
      return new Export(store, owner, line).run();
    }
  }

  @Override
  public String migrate(Settings settings, Consumer<String> progress) {
    var mongo =
        new Parts(settings)
            .mongo()
            .orElseThrow(
                () -> new StartupException("migrate needs storage.mongo.uri: where to copy to"));
    // The lock of the data file is held meanwhile, so that no server writes to it.
    try (var from = SqliteStore.open(new Parts(settings).sqlite());
        var to = MongoStore.open(mongo)) {
      var result =
          new Migration(from, to)
              .run(done -> {
                if (done % SESSIONS_PER_LINE == 0) {
                  progress.accept(done + " sessions");
                }
              });
      return "%d sessions with %d messages copied, %d were there already, %d answers left out that had not ended"
          .formatted(result.sessions(), result.turns(), result.skipped(), result.running());
    }
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
