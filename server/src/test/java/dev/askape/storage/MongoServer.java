package dev.askape.storage;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClients;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/// A MongoDB server for tests. [#start] gives one in a process of its own, on loopback, which can
/// be killed, stopped in its tracks, woken and started again on the same port with the same data:
/// `mongod` where it is on the PATH, else [FerretDb]. [#shared] gives one that tests use side by
/// side, each with a database of its own. Where there is none, the test is skipped and says why.
///
/// Used by one thread at a time.
public final class MongoServer implements AutoCloseable {
  private static final Random PORTS = new Random();
  private static final int PATIENCE_SECONDS = 30;

  private static @Nullable MongoServer shared;

  private final String uri;
  private final String name;
  private final List<String> command;
  private final Path log;
  private @Nullable Process process;

  private MongoServer(String uri, String name, List<String> command, Path log) {
    this.uri = uri;
    this.name = name;
    this.command = List.copyOf(command);
    this.log = log;
  }

  /// The server that `MONGODB_URI` names, else one that is started now and ends with this process.
  /// It must not be killed or stopped.
  public static synchronized MongoServer shared() {
    if (shared == null) {
      var given = System.getenv("MONGODB_URI");
      if (given != null && !given.isBlank()) {
        shared = new MongoServer(given, "the one that MONGODB_URI names", List.of(), Path.of(""));
        shared.awaitAnswer();
      } else {
        var server = start(temporaryFolder());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        shared = server;
      }
      System.out.println("MongoDB in these tests: " + shared.name);
    }
    return shared;
  }

  /// Starts one of its own with its data in `folder`, and waits until it answers.
  public static MongoServer start(Path folder) {
    var server = prepare(folder);
    server.launch();
    return server;
  }

  private static MongoServer prepare(Path folder) {
    try {
      var data = Files.createDirectories(folder.resolve("db"));
      int port = freePort();
      var uri = "mongodb://127.0.0.1:" + port;
      var log = folder.resolve("server.log");
      var mongod = onPath("mongod");
      if (mongod.isPresent()) {
        return new MongoServer(uri, mongod.get(), mongod(mongod.get(), data, port), log);
      }
      var ferret = List.of(FerretDb.program().toString(), "127.0.0.1:" + port, data.toString());
      return new MongoServer(uri, "FerretDB " + FerretDb.VERSION, ferret, log);
    } catch (FerretDb.Unavailable e) {
      throw new TestAbortedException(
          "no MongoDB for this test: MONGODB_URI is not set, there is no mongod on the PATH, and "
              + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<String> mongod(String program, Path data, int port) {
    return List.of(
        program,
        "--dbpath",
        data.toString(),
        "--port",
        String.valueOf(port),
        "--bind_ip",
        "127.0.0.1");
  }

  private static Optional<String> onPath(String program) {
    for (var folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      var found = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isExecutable(found)) {
        return Optional.of(found.toString());
      }
    }
    return Optional.empty();
  }

  /// Below the ports that outgoing connections get, so that it is still free at a restart.
  private static int freePort() throws IOException {
    while (true) {
      int port = PORTS.nextInt(20_000, 32_000);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException _) {
        // taken; another one
      }
    }
  }

  private static Path temporaryFolder() {
    try {
      var folder = Files.createTempDirectory("askape-mongo");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.out.println(folder + " was not deleted: " + e);
    }
  }

  /// Without a database.
  public String uri() {
    return uri;
  }

  /// What it is, for people.
  public String name() {
    return name;
  }

  public boolean isFerretDb() {
    return name.startsWith("FerretDB");
  }

  /// `kill -9`; returns when it is gone. Its data stays.
  public void kill() {
    var killed = own();
    killed.destroyForcibly();
    awaitEnd(killed);
  }

  /// SIGSTOP: it keeps its connections, the kernel takes new ones, and nothing is answered.
  public void stop() {
    signal("STOP");
  }

  /// SIGCONT: it goes on where it was stopped.
  public void resume() {
    signal("CONT");
  }

  /// Starts it again after [#kill], on the same port with the same data, and waits until it
  /// answers.
  public void restart() {
    launch();
  }

  private Process own() {
    if (process == null) {
      throw new IllegalStateException("not a server that these tests started");
    }
    return process;
  }

  private void signal(String name) {
    try {
      var kill =
          new ProcessBuilder("kill", "-" + name, String.valueOf(own().pid()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("the server could not be sent SIG" + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void launch() {
    try {
      process =
          new ProcessBuilder(new ArrayList<>(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      awaitAnswer();
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  private void awaitAnswer() {
    var settings =
        MongoClientSettings.builder()
            .applyConnectionString(new ConnectionString(uri))
            .applyToClusterSettings(
                cluster -> cluster.serverSelectionTimeout(PATIENCE_SECONDS, SECONDS))
            .applyToServerSettings(server ->
                server.heartbeatFrequency(50, MILLISECONDS).minHeartbeatFrequency(50, MILLISECONDS))
            .build();
    try (var client = MongoClients.create(settings)) {
      client.getDatabase("admin").runCommand(new Document("ping", 1));
    } catch (MongoException e) {
      throw new IllegalStateException(name + " does not answer; its log is " + log, e);
    }
  }

  private static void awaitEnd(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends it, stopped or not. One that was not started here goes on.
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      awaitEnd(process);
    }
  }
}
