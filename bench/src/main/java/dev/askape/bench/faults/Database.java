package dev.askape.bench.faults;

import dev.askape.fixture.MongoServer;
import dev.askape.fixture.Toxiproxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// MongoDB for a trial, behind a proxy that makes faults. Used by one thread at a time.
final class Database implements AutoCloseable {
  private static final String NAME = "faults";

  private final MongoServer server;
  private final Toxiproxy proxy;

  private Database(MongoServer server, Toxiproxy proxy) {
    this.server = server;
    this.proxy = proxy;
  }

  /// @param work an empty folder for its data and its logs is made there
  /// @throws org.opentest4j.TestAbortedException where there is no proxy
  static Database start(Path work) throws IOException {
    var folder = Files.createDirectory(work.resolve("mongodb"));
    var server = MongoServer.start(folder);
    boolean started = false;
    try {
      var proxy = Toxiproxy.before(URI.create(server.uri()).getPort(), folder.resolve("proxy.log"));
      started = true;
      return new Database(server, proxy);
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  MongoServer server() {
    return server;
  }

  Toxiproxy proxy() {
    return proxy;
  }

  /// Around the proxy.
  String uri() {
    return server.uri() + "/" + NAME + "?directConnection=true";
  }

  /// The part of AskApe's configuration that makes it use this, through the proxy.
  ///
  /// @param data where its spool is
  String configuration(Path data) {
    return """
    storage:
      mongo: { uri: "mongodb://127.0.0.1:%d/%s?directConnection=true" }
      spool: { path: "%s" }\
    """
        .formatted(proxy.port(), NAME, spool(data));
  }

  static Path spool(Path data) {
    return data.resolve("spool.db");
  }

  @Override
  public void close() {
    proxy.close();
    server.close();
  }
}
